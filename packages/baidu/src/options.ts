/** What a user may set under `options:`: of a Baidu provider entry, where every property has a default, and of one connection or link. */
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';

/** Months that a term may have (docs/facts/baidu.md 3.1.1). */
const TERMS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36] as const;

/** Ids of resource groups have no documented form beyond this (docs/facts/baidu.md 3.1.1) [unverified]. */
const GROUP = /^[\x21-\x7e]{1,64}$/;

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

/** Under `options:` of a connection. */
export class BaiduPeeringOptions {
  /** Name of the interface at the initiator; absent: the cloud makes one up, and whatever it is, it is right. */
  @IsOptional()
  @IsString()
  @Matches(/^.{1,65}$/u)
  localInterfaceName?: string;

  /** Name of the interface at the acceptor, inside one account; only said when the peering is made. */
  @IsOptional()
  @IsString()
  @Matches(/^.{1,65}$/u)
  peerInterfaceName?: string;

  /** How a peering between regions is paid. A prepaid one cannot be removed before its term ends, nor be made smaller. */
  @IsOptional()
  @IsIn(['Prepaid', 'Postpaid'])
  paymentTiming?: 'Prepaid' | 'Postpaid';

  /** Months of the first term of a prepaid peering; 1 where it is prepaid and says nothing. */
  @IsOptional()
  @IsIn(TERMS)
  reservationMonths?: number;

  /** Resource group of the peering; only said when it is made. */
  @IsOptional()
  @IsString()
  @Matches(GROUP)
  resourceGroupId?: string;
}

/** Under `options:` of a link. */
export class BaiduLinkOptions {
  /** Resource group of the gateway; only said when it is made. */
  @IsOptional()
  @IsString()
  @Matches(GROUP)
  resourceGroupId?: string;
}
