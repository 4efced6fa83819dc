/** Probes of what holds for every request: signatures, tokens, lists. Most of them only read. */
import { codeOf, isGood, rowsAt, textAt } from '../answers.js';
import { restRequest } from './rest.js';
import type { Probe } from '../probe.js';
import { Unsettled } from '../unsettled.js';
import type { BaiduStage } from './stage.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** A reading that any key may make. */
const LOOK = restRequest('GET', '/v1/vpc', { query: { maxKeys: '1' } });

/** Whether a request was refused, in two words of the rule's. */
const refusedOr =
  (accepted: string) =>
  (good: boolean): string =>
    good ? accepted : 'refuse';

export const requestProbes: readonly Probe<BaiduStage>[] = [
  {
    name: 'signatures from the future',
    topic: 'requests',
    rules: ['baidu.auth.futureToleranceMs', 'baidu.auth.futureCode'],
    objects: 0,
    networks: [],
    minutes: 0.2,
    async run(stage) {
      let atLeast = 0;
      // a few seconds are left for the way and for clocks that differ
      for (const aheadMs of [0, MINUTE, 4.75 * MINUTE, 5.25 * MINUTE, 15 * MINUTE, 90 * MINUTE, 2 * DAY]) {
        const answer = await stage.ask('a', { ...LOOK, signing: { skewMs: aheadMs } });
        if (isGood(answer)) {
          atLeast = aheadMs;
          continue;
        }
        if (aheadMs === 0) throw new Unsettled(`the present was refused: ${codeOf(answer)}`);
        return {
          'baidu.auth.futureToleranceMs': { atLeast, below: aheadMs },
          'baidu.auth.futureCode': { value: codeOf(answer) },
        };
      }
      return {
        'baidu.auth.futureToleranceMs': { atLeast },
        'baidu.auth.futureCode': { hidden: 'nothing was too far in the future' },
      };
    },
  },
  {
    name: 'odd signatures',
    topic: 'requests',
    rules: ['baidu.auth.negativeExpirationIsForever', 'baidu.auth.unsignedHost', 'baidu.auth.tokenWithPermanentKey'],
    objects: 0,
    networks: [],
    minutes: 0.1,
    async run(stage) {
      const ask = async (more: object): Promise<boolean> => isGood(await stage.ask('a', { ...LOOK, ...more }));
      return {
        'baidu.auth.negativeExpirationIsForever': {
          value: await ask({ signing: { skewMs: -DAY, lifetimeSeconds: -1 } }),
        },
        'baidu.auth.unsignedHost': { value: refusedOr('accept')(await ask({ signing: { unsigned: ['host'] } })) },
        'baidu.auth.tokenWithPermanentKey': {
          value: refusedOr('ignore')(await ask({ headers: { 'x-bce-security-token': 'peerway-made-this-up' } })),
        },
      };
    },
  },
  {
    name: 'odd lists',
    topic: 'requests',
    rules: [
      'baidu.list.unknownMarker',
      'baidu.list.maxKeysOutOfRange',
      'baidu.list.unknownVpc',
      'baidu.request.unknownQuery',
    ],
    objects: 0,
    networks: ['n1'],
    minutes: 0.2,
    async run(stage) {
      const { id } = stage.network('n1');
      const marked = await stage.get('/v1/vpc', { marker: 'peerway-asks-for-none' });
      const hasOurs = rowsAt(marked.body, 'vpcs').some((row) => row['vpcId'] === id);
      const tooMany = await stage.get('/v1/vpc', { maxKeys: '5000' });
      const ofNone = await stage.get('/v1/peerconn', { vpcId: 'vpc-peerwayasks0' });
      const odd = await stage.get('/v1/vpc', { peerway: 'asks' });
      return {
        'baidu.list.unknownMarker': { value: !isGood(marked) ? 'refuse' : hasOurs ? 'first-page' : 'empty' },
        'baidu.list.maxKeysOutOfRange': { value: refusedOr('clamp')(isGood(tooMany)) },
        'baidu.list.unknownVpc': { value: isGood(ofNone) ? 'empty' : 'not-found' },
        'baidu.request.unknownQuery': { value: refusedOr('ignore')(isGood(odd)) },
      };
    },
  },
  {
    name: 'a range with host bits',
    topic: 'networks',
    rules: ['baidu.cidr.hostBits'],
    objects: 1,
    networks: [],
    minutes: 0.2,
    async run(stage) {
      const made = await stage.tryNetwork('t1', 'a', '198.18.201.1/24');
      return { 'baidu.cidr.hostBits': { value: refusedOr('clear')(isGood(made)) } };
    },
  },
  {
    name: 'one token in two regions',
    topic: 'networks',
    rules: ['baidu.clientToken.scope'],
    needs: ['far'],
    objects: 2,
    networks: [],
    minutes: 0.2,
    async run(stage) {
      const token = stage.token();
      const here = await stage.tryNetwork('t2', 'a', '198.18.202.0/24', token);
      const there = await stage.tryNetwork('t2', 'far', '198.18.202.0/24', token);
      if (!isGood(here)) throw new Unsettled(`no network could be made: ${codeOf(here)}`);
      const isNew = isGood(there) && textAt(there.body, 'vpcId') !== textAt(here.body, 'vpcId');
      return { 'baidu.clientToken.scope': { value: isNew ? 'account-region' : 'account' } };
    },
  },
];
