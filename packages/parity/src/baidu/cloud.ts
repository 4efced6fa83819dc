/** Baidu AI Cloud, for parity. */
import { textAt } from '../answers.js';
import type { Cloud } from '../cloud.js';
import { partyKeysOf } from '../wire/parties.js';
import { BAIDU_MEMBERS } from './members.js';
import { BAIDU_PROBES, BAIDU_UNPROBED, NEED_A_LINK } from './probes.js';
import { BaiduStage } from './stage.js';
import { BaiduSweeper } from './sweeper.js';

export const baiduCloud: Cloud<BaiduStage> = {
  id: 'baidu',
  prefix: 'baidu.',
  members: BAIDU_MEMBERS,
  probes: BAIDU_PROBES,
  unprobed: BAIDU_UNPROBED,
  rights: [
    'AcceptPeerConn',
    'CreateDedicatedGateway',
    'CreatePeerConn',
    'CreateRoutingRules',
    'CreateVpc',
    'DeleteRoutingRules',
    'DeleteVpc',
    'GetPeerConn',
    'ListPeerConn',
    'OpenPeerConnSyncDns',
    'QueryRoutingRules',
    'QueryRoutingTable',
    'QueryTheDetailsOfTheDedicatedGateway',
    'QueryTheListOfDedicatedLineGateways',
    'QueryVpcList',
    'RejectPeerConn',
    'ReleaseDedicatedGateway',
    'ReleasePeerConn',
    'UpdatePeerConn',
    'UpdatePeerConnBandwidth',
    'UpdatePeerConnDeleteProtect',
  ].map((operation) => `vpc:${operation}`),
  hidings: [{ rule: 'baidu.peerconn.provisioningFails', position: true, hides: NEED_A_LINK }],
  divergences: [
    {
      topic: 'routes',
      case: 'Two sources to one destination are two routes',
      because: 'a source must lie inside a subnet of the VPC',
      today: /InvalidArgument/,
    },
  ],
  stage: (settings) => new BaiduStage(settings),
  sweeper: (wire, regions) => new BaiduSweeper(wire, regions),
  async prefixes(wire, regions) {
    const sweeper = new BaiduSweeper(wire, regions);
    const found: string[] = [];
    for (const party of partyKeysOf(regions)) {
      for (const row of await sweeper.vpcs(party)) {
        const second = row['secondaryCidr'];
        found.push(textAt(row, 'cidr'), ...(Array.isArray(second) ? second.map(String) : []));
      }
    }
    return found.filter((cidr) => cidr !== '');
  },
};
