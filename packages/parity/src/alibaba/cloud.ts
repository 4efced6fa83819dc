/** Alibaba Cloud, for parity. */
import { textAt } from '../answers.js';
import type { Cloud } from '../cloud.js';
import { partyKeysOf } from '../wire/parties.js';
import { ALIBABA_MEMBERS } from './members.js';
import { ALIBABA_PROBES, ALIBABA_UNPROBED } from './probes.js';
import { AlibabaStage } from './stage.js';
import { AlibabaSweeper } from './sweeper.js';

export const alibabaCloud: Cloud<AlibabaStage> = {
  id: 'alibaba',
  prefix: 'alibaba.',
  members: ALIBABA_MEMBERS,
  probes: ALIBABA_PROBES,
  unprobed: ALIBABA_UNPROBED,
  rights: [
    'AcceptVpcPeerConnection',
    'AssociateRouteTable',
    'CreateRouteEntry',
    'CreateRouterInterface',
    'CreateVSwitch',
    'CreateVpc',
    'CreateVpcPeerConnection',
    'DeleteRouteEntry',
    'DeleteRouterInterface',
    'DeleteVSwitch',
    'DeleteVpc',
    'DeleteVpcPeerConnection',
    'DescribeRegions',
    'DescribeRouteEntryList',
    'DescribeRouteTableList',
    'DescribeRouterInterfaces',
    'DescribeVSwitches',
    'DescribeVpcs',
    'GetVpcPeerConnectionAttribute',
    'ListVpcPeerConnections',
    'RejectVpcPeerConnection',
  ].map((operation) => `vpc:${operation}`),
  hidings: [
    { rule: 'alibaba.vpcPeer.createLocks', position: 'none', hides: ['alibaba.vpcPeer.concurrentCreateCode'] },
    { rule: 'alibaba.vpcPeer.deleteFrom', position: 'activated', hides: ['alibaba.vpcPeer.endedBlocksPair'] },
  ],
  divergences: [],
  stage: (settings) => new AlibabaStage(settings),
  sweeper: (wire, regions) => new AlibabaSweeper(wire, regions),
  async prefixes(wire, regions) {
    const sweeper = new AlibabaSweeper(wire, regions);
    const found: string[] = [];
    for (const party of partyKeysOf(regions))
      found.push(...(await sweeper.vpcs(party)).map((row) => textAt(row, 'CidrBlock')));
    return found.filter((cidr) => cidr !== '');
  },
};
