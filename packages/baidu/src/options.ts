/** What a user may set under `options:` of a Baidu provider entry. Every property has a default. */
import { IsInt, IsOptional, Max, Min } from 'class-validator';

export class BaiduOptions {
  /**
   * Megabits per second for a peering or a link whose caller names none: the cloud wants a number with every creation.
   * Inside one region a peering costs nothing; between regions this is what is billed. For creations only: what is there keeps its
   * bandwidth until the connection declares one.
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  defaultBandwidthMbps: number = 10;

  /** How long one request may take before its outcome counts as unknown. */
  @IsOptional()
  @IsInt()
  @Min(100)
  @Max(600_000)
  requestTimeoutMs: number = 30_000;

  /**
   * Minutes ahead of UTC of the cloud's `createdTime` texts, which carry no zone. Which zone they are in is not
   * documented (docs/facts/baidu.md 10); 480 is Beijing time.
   */
  @IsOptional()
  @IsInt()
  @Min(-720)
  @Max(840)
  timestampOffsetMinutes: number = 480;
}
