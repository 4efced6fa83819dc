/** The listing of router interfaces shows those of lines as well: what each tells of its line. */
import { networkId, regionId, type LinkPart } from '@peerway/core';
import { accountOf, tagsOf } from '../convert.js';
import type { RouterInterface } from '../wire/api/routerInterface.js';

export /** An interface of a line, by the end of it that it is: the network's, or the border router's. */
function partOfLine({ RouterType, ...half }: RouterInterface): LinkPart {
  const { VpcInstanceId: network, OppositeInterfaceOwnerId: owner, OppositeRegionId: region } = half;
  const isGiven = (text: string | undefined): text is string => text !== undefined && text !== '';
  return {
    tags: tagsOf(half.Tags?.Tags),
    description: half.Description ?? '',
    ...(RouterType === 'VRouter' && isGiven(network)
      ? { near: { network: networkId(network), hop: half.RouterInterfaceId } }
      : {}),
    ...(owner !== undefined && owner !== '' && isGiven(region)
      ? { portAt: { account: accountOf(owner), region: regionId(region) } }
      : {}),
  };
}
