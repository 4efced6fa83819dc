/**
 * Where each region answers. Source: docs.aws.amazon.com/general/latest/gr/ec2-service.html and sts.html, checked 2026-11: the same
 * form in every region, with another ending in China. Partitions of governments' own are reached by `endpoint:`.
 */
import { PeerwayError, type RegionId } from '@peerway/core';
import { PROVIDER } from './errors.js';

export interface Endpoints {
  /** Without a trailing slash. */
  readonly ec2: string;
  readonly sts: string;
}

/** @throws PeerwayError `InvalidArgument` for a region whose form is none, when no address is given for it */
export function endpointsOf(
  region: RegionId,
  given: { readonly ec2: string | undefined; readonly sts: string | undefined },
): Endpoints {
  // plain http is allowed to loopback only, where one server answers for all
  const sts = given.sts ?? (given.ec2?.startsWith('http://') === true ? given.ec2 : undefined);
  if (given.ec2 !== undefined && sts !== undefined) return { ec2: given.ec2, sts };
  if (!/^(?!us-iso)[a-z]{2}(-[a-z]+){1,2}-\d$/.test(region))
    throw new PeerwayError('InvalidArgument', `${JSON.stringify(region)} is no region of AWS that is known here`, {
      provider: PROVIDER,
      remedy:
        'Give a region like eu-central-1, or set endpoint: and options.stsEndpoint for one that answers elsewhere.',
    });
  const ending = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    ec2: given.ec2 ?? `https://ec2.${region}.${ending}`,
    sts: sts ?? `https://sts.${region}.${ending}`,
  };
}
