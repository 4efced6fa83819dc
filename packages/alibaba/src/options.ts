/** What a user may set under `options:`: of an Alibaba provider entry, where every property has a default, and of one connection or link. */
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { SPECS } from './capabilities.js';

/** Quality tiers of cross-region peerings: the reference (docs/facts/alibaba.md 11.3) names Gold and Platinum, the Terraform provider also takes Silver. */
export const LINK_TYPES = ['Gold', 'Platinum', 'Silver'] as const;
export type LinkType = (typeof LINK_TYPES)[number];

export class AlibabaOptions {
  /** Tier of the cross-region VPC peerings of the stack; absent: the cloud's default (Gold). Changed in place. Never sent inside one region. */
  @IsOptional()
  @IsIn(LINK_TYPES)
  linkType?: LinkType;

  /**
   * Resource group of whatever Peerway creates; absent: the account's default group. A VPC peering moves to another group later; a
   * router interface stays in the one that it was made in, and plan says so.
   */
  @IsOptional()
  @IsString()
  @Matches(/^rg-[a-z0-9]+$/)
  resourceGroupId?: string;

  /**
   * Megabits per second of a router-interface pair between regions whose caller names none: the service wants a specification with
   * every creation, and between regions it is what is billed. Inside one region `Large.2` (2000) is prescribed. For creations only:
   * what is there keeps its bandwidth until the connection declares one.
   */
  @IsOptional()
  @IsIn([...SPECS.keys()])
  defaultBandwidthMbps: number = 10;

  /** How long one request may take before its outcome counts as unknown, in milliseconds. The vendor library's own 3 s is short for creations. */
  @IsOptional()
  @IsInt()
  @Min(100)
  @Max(600_000)
  requestTimeoutMs: number = 30_000;
}

/** Under `options:` of a connection, before what its initiator's entry says. */
export class AlibabaPeeringOptions {
  /** Tier of a VPC peering between regions; see the option of the entry. */
  @IsOptional()
  @IsIn(LINK_TYPES)
  linkType?: LinkType;

  /** Resource group of the peering; see the option of the entry. */
  @IsOptional()
  @IsString()
  @Matches(/^rg-[a-z0-9]+$/)
  resourceGroupId?: string;
}

/** Under `options:` of a link, before what the entry of its port says. */
export class AlibabaLinkOptions {
  /** Resource group of the border router, which stays in the one that it was made in. */
  @IsOptional()
  @IsString()
  @Matches(/^rg-[a-z0-9]+$/)
  resourceGroupId?: string;

  /** The carrier's number of the line, as people of the port know it; changed in place, by the owner of the port. */
  @IsOptional()
  @IsString()
  @Matches(/^[\x21-\x7e]{1,64}$/)
  circuitCode?: string;
}
