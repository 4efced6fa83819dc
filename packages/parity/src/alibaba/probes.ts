/** The open rules of Alibaba Cloud (docs/emulator/limits.md), each in a probe or with the reason why a live account cannot tell. */
import { codeOf, isGood, memberAt, rowsAt, textAt } from '../answers.js';
import type { Probe } from '../probe.js';
import { lineProbes } from './lineProbes.js';
import { partnerProbes } from './partnerProbes.js';
import type { AlibabaStage } from './stage.js';

const MINUTE = 60_000;

/** The code of a refusal, or that there was none. */
const refusedWith = (answer: Parameters<typeof codeOf>[0]): string =>
  isGood(answer) ? 'accepted' : codeOf(answer) || `HTTP ${answer.status}`;

const requestProbes: readonly Probe<AlibabaStage>[] = [
  {
    name: 'unknown operations',
    topic: 'requests',
    rules: ['alibaba.unknownAction.code', 'alibaba.unknownVersion.code'],
    objects: 0,
    networks: [],
    minutes: 0.1,
    async run(stage) {
      const action = await stage.vpc('PeerwayAsksForNothing');
      const version = await stage.vpc('DescribeRegions', { Version: '1999-01-01' });
      return {
        'alibaba.unknownAction.code': { value: refusedWith(action) },
        'alibaba.unknownVersion.code': { value: refusedWith(version) },
      };
    },
  },
  {
    name: 'repeated nonces',
    topic: 'requests',
    rules: ['alibaba.auth.nonceRetentionMs'],
    needs: ['wait'],
    objects: 0,
    networks: [],
    minutes: 14.5,
    async run(stage) {
      // each nonce is repeated once only: a refused repetition might be remembered as well
      const waits = [0, MINUTE, 5 * MINUTE, 14 * MINUTE];
      const nonces = waits.map(() => stage.token());
      const ask = (SignatureNonce: string) => stage.vpc('DescribeRegions', { SignatureNonce });
      const startedAt = stage.clock.now();
      for (const nonce of nonces) await ask(nonce);
      let atLeast = 0;
      for (const [index, wait] of waits.entries()) {
        await stage.sleep(startedAt + wait - stage.clock.now());
        const repeated = await ask(nonces[index] ?? '');
        const passed = stage.clock.now() - startedAt;
        if (isGood(repeated)) return { 'alibaba.auth.nonceRetentionMs': { atLeast, below: passed + 1 } };
        atLeast = passed;
      }
      return { 'alibaba.auth.nonceRetentionMs': { atLeast } };
    },
  },
];

const networkProbes: readonly Probe<AlibabaStage>[] = [
  {
    name: 'a table and a vSwitch that do not fit',
    topic: 'networks',
    rules: ['alibaba.routeTable.associationCode'],
    objects: 1,
    networks: ['n1'],
    minutes: 0.5,
    async run(stage) {
      const { id: VpcId, table: RouteTableId, cidr } = stage.network('n1');
      // which zones a region has is not asked for: one of the first letters is there
      for (const letter of 'abcdefghijk') {
        const CidrBlock = cidr.replace('.0/24', '.0/28');
        const made = await stage.vpc('CreateVSwitch', { VpcId, CidrBlock, ZoneId: `${stage.region('a')}-${letter}` });
        const VSwitchId = textAt(made.body, 'VSwitchId');
        if (VSwitchId === '') continue;
        await stage.until(
          async () => rowsAt((await stage.vpc('DescribeVSwitches', { VSwitchId })).body, 'VSwitches.VSwitch')[0],
          (row) => row?.['Status'] === 'Available',
          { what: 'an available vSwitch', change: 'alibaba.vswitch.create' },
        );
        const answer = await stage.vpc('AssociateRouteTable', { RouteTableId, VSwitchId });
        return { 'alibaba.routeTable.associationCode': { value: refusedWith(answer) } };
      }
      return { 'alibaba.routeTable.associationCode': { hidden: 'no zone took a vSwitch' } };
    },
  },
];

const peeringProbes: readonly Probe<AlibabaStage>[] = [
  {
    name: 'peerings that cannot be',
    topic: 'peerings',
    rules: [
      'alibaba.vpcPeer.unknownVpcCode',
      'alibaba.vpcPeer.selfPeeringCode',
      'alibaba.vpcPeer.sameRegionBandwidthCode',
    ],
    objects: 0,
    networks: ['n1', 'n2'],
    minutes: 0.2,
    async run(stage) {
      return {
        'alibaba.vpcPeer.unknownVpcCode': {
          value: refusedWith(await stage.join('n1', 'n2', { VpcId: 'vpc-peerwayasksfornone' })),
        },
        'alibaba.vpcPeer.selfPeeringCode': { value: refusedWith(await stage.join('n1', 'n1')) },
        'alibaba.vpcPeer.sameRegionBandwidthCode': {
          value: refusedWith(await stage.join('n1', 'n2', { Bandwidth: '5' })),
        },
      };
    },
  },
  {
    name: 'two creations at once',
    topic: 'peerings',
    rules: ['alibaba.vpcPeer.createLocks', 'alibaba.vpcPeer.concurrentCreateCode'],
    objects: 3,
    networks: ['n1', 'n2', 'n3'],
    minutes: 1,
    async run(stage) {
      const first = await stage.joined('n1', 'n2');
      const atAcceptor = await stage.join('n2', 'n3');
      const atRequester = isGood(atAcceptor) ? await stage.join('n1', 'n3') : undefined;
      const word = await stage.statusOf(first);
      const refusal = [atAcceptor, atRequester].find((answer) => answer !== undefined && !isGood(answer));
      if (refusal === undefined && word !== 'Creating') {
        const hidden = 'the first creation was over before the second was asked for';
        return { 'alibaba.vpcPeer.createLocks': { hidden }, 'alibaba.vpcPeer.concurrentCreateCode': { hidden } };
      }
      await stage.becomes(first, ['Activated'], 'alibaba.vpcPeer.create');
      if (refusal === undefined) {
        return {
          'alibaba.vpcPeer.createLocks': { value: 'none' },
          'alibaba.vpcPeer.concurrentCreateCode': { hidden: 'no creation was refused' },
        };
      }
      const code = codeOf(refusal);
      return {
        'alibaba.vpcPeer.createLocks': { value: refusal === atAcceptor ? 'both-ends' : 'requester' },
        // by rule the code says which end is busy
        'alibaba.vpcPeer.concurrentCreateCode': { value: /^IncorrectStatus\./.test(code) ? 'IncorrectStatus' : code },
      };
    },
  },
  {
    name: 'a peering between regions',
    topic: 'peerings',
    rules: ['alibaba.vpcPeer.listInAcceptorRegion'],
    needs: ['far', 'crossRegion'],
    objects: 1,
    networks: ['n1', 'f1'],
    minutes: 1,
    money: 'a peering between regions is billed by its traffic (none is sent)',
    async run(stage) {
      const id = await stage.joined('n1', 'f1');
      await stage.becomes(id, ['Activated']);
      const query = { RegionId: stage.region('far'), InstanceId: id };
      const listed = await stage.peer('ListVpcPeerConnections', query, 'far');
      if (!isGood(listed) || memberAt(listed.body, 'VpcPeerConnects') === undefined)
        return { 'alibaba.vpcPeer.listInAcceptorRegion': { hidden: `the listing was refused: ${codeOf(listed)}` } };
      const isThere = rowsAt(listed.body, 'VpcPeerConnects').some((row) => row['InstanceId'] === id);
      return { 'alibaba.vpcPeer.listInAcceptorRegion': { value: isThere } };
    },
  },
];

export const ALIBABA_PROBES: readonly Probe<AlibabaStage>[] = [
  ...requestProbes,
  ...networkProbes,
  ...peeringProbes,
  ...partnerProbes,
  ...lineProbes,
];

/** Open rules that a live account cannot settle, or only at a price that nobody should pay for it. */
export const ALIBABA_UNPROBED: Readonly<Record<string, string>> = {
  'alibaba.clientToken.lifetimeMs': 'a token would have to be repeated after a day',
  'alibaba.routerInterface.perAccount': 'a hundred router interfaces would have to be made',
  'alibaba.routerInterface.vbrAcceptorCode': 'needs a border router, and so a physical connection',
  'alibaba.vbr.confirmedBy': 'needs a physical connection that is shared with another account',
  'alibaba.vbr.perPort': 'fifty border routers would have to be made on one physical connection',
  'alibaba.vpcPeer.perVpc': 'thirty networks would have to be joined to one; an account has ten',
};
