/** What a user may set under `options:` of an AWS provider entry. Every property is optional or has a default. */
import { IsInt, IsOptional, IsUrl, Max, Min } from 'class-validator';

export class AwsOptions {
  /** How long one request may take before its outcome counts as unknown. */
  @IsOptional()
  @IsInt()
  @Min(100)
  @Max(600_000)
  requestTimeoutMs: number = 30_000;

  /**
   * Where STS answers, which is asked once whose the keys are. Absent: the region's own address, or with an `endpoint:` on this
   * machine the same one. Inside a network without a way out, the address of an interface endpoint.
   */
  @IsOptional()
  @IsUrl({ require_tld: false, protocols: ['https', 'http'], require_protocol: true })
  stsEndpoint?: string;
}
