/** Which next hops a route may have, and what they must be like (docs/facts/alibaba.md 3.2). */
import type { Call } from '../../machine/cloud.js';
import type { Range } from '../../machine/cidr.js';
import type { Input } from '../../machine/input.js';
import { refusal, refuseByRule } from '../errors.js';
import type { NextHop, RouteTableRecord } from '../records.js';
import { alibabaRules as rule } from '../rules.js';
import type { AlibabaState } from '../state.js';
import { checkInterfaceHop } from './interfaceHops.js';

/** A next hop as a request names it. */
export interface WantedHop {
  readonly type: string;
  readonly id: string;
  readonly weight?: number;
}

/** Reads NextHopList, or NextHopType with NextHopId; not both. */
export function wantedHops(input: Input, table: RouteTableRecord): readonly WantedHop[] {
  const list = input.objects('NextHopList');
  const id = input.optionalText('NextHopId') ?? '';
  if (list.length === 0) {
    if (id === '') throw refusal('InvalidNexthopTypeAndList.BothNull');
    return [{ type: input.optionalText('NextHopType') ?? 'Instance', id }];
  }
  if (id !== '' || input.has('NextHopType')) throw refusal('InvalidNexthopTypeAndList.BothNotNull');
  if (list.length < 2) throw refusal('InvalidNexthopListSize');
  if (table.routerType === 'VBR') throw refusal('InvalidRouterType');
  if (table.type === 'Custom') throw refusal('OperationUnsupported.SubRouteTableECMP');
  return list.map((hop) => ({
    type: hop.optionalText('NextHopType') ?? 'RouterInterface',
    id: hop.optionalText('NextHopId') ?? '',
    weight: hop.optionalInteger('Weight') ?? 100,
  }));
}

export function checkHop(
  state: AlibabaState,
  call: Call,
  table: RouteTableRecord,
  wanted: WantedHop,
  range: Range,
): NextHop {
  const { id } = wanted;
  const weight = wanted.weight === undefined ? {} : { weight: wanted.weight };
  if (wanted.type === 'RouterInterface') {
    checkInterfaceHop(state, table, id, range);
    return { type: 'RouterInterface', id, ...weight };
  }
  if (wanted.weight !== undefined || table.routerType === 'VBR')
    throw refusal('OperationDenied.NextHopTypeNotPermitted');
  if (wanted.type !== 'VpcPeer') throw refusal('InvalidNextHopId.NotFound');
  const peer = state.peers.get(id);
  const here = [peer?.initiator, peer?.acceptor].some(
    (end) => end?.vpc === table.scope && end.account === call.caller.account && end.region === table.region,
  );
  if (peer === undefined || !here) throw refusal('ResourceNotFound.VpcPeer', id);
  if (peer.status !== 'Activated') throw refusal('IncorrectStatus.VpcPeer', 'VpcPeer', id);
  if (range.version === 6) {
    refuseByRule(state.services.rules, rule.peerIpv6Routes);
    if (state.vpcs.get(table.scope)?.ipv6Cidr === '') throw refusal('OperationDenied.VpcIpv6NotEnabled');
  }
  return { type: 'VpcPeer', id };
}
