/** ConnectRouterInterface: the two sides' own records must agree before they are joined (docs/facts/alibaba.md 3.1). */
import type { Call } from '../../machine/cloud.js';
import { refusal, refuseByRule } from '../errors.js';
import type { Code } from '../errors.js';
import type { RouterInterfaceRecord } from '../records.js';
import { alibabaRules as rule } from '../rules.js';
import type { AlibabaState } from '../state.js';
import { requireNoPeering } from './interfaceCreation.js';
import { routersJoined } from './joinedRouters.js';

/** Whom an interface names as its peer's owner; never set means its own account. */
const ownerNamed = (side: RouterInterfaceRecord): string =>
  side.opposite.owner === '' ? side.account : side.opposite.owner;

/** What must agree, in the vendor's order; `false` causes the code. */
const AGREEMENTS: readonly {
  readonly code: Code;
  readonly holds: (initiator: RouterInterfaceRecord, acceptor: RouterInterfaceRecord) => boolean;
}[] = [
  { code: 'AttrMismatching.AcceptingSideAliUid', holds: (i, a) => a.account === ownerNamed(i) },
  { code: 'AttrMismatching.AcceptingSideRegionNo', holds: (i, a) => a.region === i.opposite.region },
  { code: 'AttrMismatching.AcceptingSideRole', holds: (_, a) => a.role === 'AcceptingSide' },
  { code: 'AttrMismatching.AcceptingSideRouterId', holds: (i, a) => a.router === i.opposite.router },
  { code: 'AttrMismatching.AcceptingSideRouterType', holds: (i, a) => a.routerType === i.opposite.routerType },
  { code: 'AttrMismatching.AcceptingSideOppositeInterfaceOwnerId', holds: (i, a) => ownerNamed(a) === i.account },
  { code: 'AttrMismatching.AcceptingSideOppositeRegionNo', holds: (i, a) => a.opposite.region === i.region },
  { code: 'AttrMismatching.AcceptingSideOppositeInterfaceId', holds: (i, a) => a.opposite.interface === i.id },
  { code: 'AttrMismatching.AcceptingSideOppositeRouterId', holds: (i, a) => a.opposite.router === i.router },
  { code: 'AttrMismatching.AcceptingSideOppositeRouterType', holds: (i, a) => a.opposite.routerType === i.routerType },
];

export function connectRouterInterface(state: AlibabaState, call: Call, initiator: RouterInterfaceRecord): unknown {
  const { rules } = state.services;
  if (initiator.role !== 'InitiatingSide') throw refusal('IncorrectRole.NotInitiatingSide');
  if (initiator.status !== 'Idle') throw refusal(rules.value(rule.interfaceStatusCode));
  refuseByRule(rules, rule.billsOutstanding);
  const { opposite } = initiator;
  if (opposite.interface === '' || opposite.router === '' || call.now < initiator.oppositeVisibleAt) {
    throw refusal('IncorrectOppositeInterfaceInfo.NotSet');
  }
  if (opposite.router === initiator.router) throw refusal('IncorrectOppositeInterfaceInfo');
  const acceptor = state.interfaces.get(opposite.interface);
  if (acceptor === undefined) throw refusal('AttrMismatching.AcceptingSideInstanceId');
  for (const { code, holds } of AGREEMENTS) {
    if (holds(initiator, acceptor)) continue;
    // the acceptor has just been told and the service has not caught up
    throw refusal(acceptor.opposite.interface === '' ? 'IncorrectOppositeInterfaceInfo.NotSet' : code);
  }
  if (call.now < acceptor.oppositeVisibleAt) throw refusal('IncorrectOppositeInterfaceInfo.NotSet');
  if (acceptor.status !== 'Idle') throw refusal(rules.value(rule.interfaceStatusCode));
  if (routersJoined(state, initiator.router, acceptor.router)) throw refusal('Forbidden.OnlyOneConnection');
  requireNoPeering(state, initiator.router, acceptor.router);
  for (const [side, event] of [
    [initiator, 'connect'],
    [acceptor, 'be-connected'],
  ] as const) {
    state.interfaceLife.begin(side, event);
    state.interfaces.patch(side.id, { connectedAt: call.now });
  }
  return {};
}
