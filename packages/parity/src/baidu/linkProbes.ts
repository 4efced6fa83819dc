/** Probes of peer connections inside one account and region, which cost nothing (docs/facts/baidu.md 5). */
import { codeOf, isGood, rowsAt, textAt, type Row } from '../answers.js';
import type { Probe, Readings } from '../probe.js';
import { Unsettled } from '../unsettled.js';
import type { BaiduStage } from './stage.js';

const HOUR = 3_600_000;
const LONGEST_TEXT = 4_000;
const MOST_BANDWIDTH = 1_000_000;

/** In Mbit/s; its name and its type are open. */
const bandwidthOf = (link: Row): number => Number(link['bandwidthInMbps'] ?? link['bandwithInMbp']);

/** The zone in which a time without one was written, by what o'clock it was. */
function zoneOf(shown: string, now: number): string {
  const hours = Math.round((Date.parse(`${shown.replace(' ', 'T')}Z`) - now) / HOUR);
  return hours === 0 ? 'UTC' : `UTC${hours > 0 ? '+' : ''}${hours}`;
}

/** What a link shows when it is new. */
const newLink: Probe<BaiduStage> = {
  name: 'a new link',
  topic: 'peerings',
  rules: [
    'baidu.peerconn.provisioningFails',
    'baidu.peerconn.bandwidthType',
    'baidu.peerconn.timeZone',
    'baidu.peerconn.acceptorDescription',
    'baidu.peerconn.peerInterfaceWithoutName',
    'baidu.peerconn.listRows',
  ],
  objects: 1,
  networks: ['n1', 'n2'],
  minutes: 1,
  async run(stage) {
    const id = await stage.joined('n1', 'n2');
    const madeAt = stage.clock.now();
    const word = await stage.provisioned(id);
    const ours = await stage.link(id, 'initiator');
    const theirs = await stage.link(id, 'acceptor');
    if (theirs['role'] !== 'acceptor') throw new Unsettled('the acceptor’s side cannot be read');
    const bandwidth = ours['bandwidthInMbps'] ?? ours['bandwithInMbp'];
    const listed = rowsAt((await stage.get('/v1/peerconn')).body, 'peerConns').filter(
      (row) => row['peerConnId'] === id,
    );
    return {
      'baidu.peerconn.provisioningFails': { value: word === 'error' },
      'baidu.peerconn.bandwidthType': { value: typeof bandwidth },
      'baidu.peerconn.timeZone': { value: zoneOf(textAt(ours, 'createdTime'), madeAt) },
      'baidu.peerconn.acceptorDescription': { value: textAt(theirs, 'description') === '' ? 'empty' : 'same' },
      'baidu.peerconn.peerInterfaceWithoutName': {
        value: textAt(theirs, 'localIfName') === '' ? 'empty' : 'generated',
      },
      'baidu.peerconn.listRows': { value: listed.length > 1 ? 'per-side' : 'once' },
    };
  },
};

/** The longest text that a change of a link takes; undefined: longer ones than anybody writes. */
async function longest(stage: BaiduStage, id: string, member: string, rule: string): Promise<number | undefined> {
  const localIfId = textAt(await stage.link(id, 'initiator'), 'localIfId');
  const accepts = async (length: number): Promise<boolean> => {
    const body = { localIfId, [member]: 'p'.repeat(length) };
    const changed = await stage.put(`/v1/peerconn/${id}`, { body });
    if (isGood(changed)) await stage.becomes(id, ['active']);
    return isGood(changed);
  };
  return stage.greatest(accepts, stage.numberOf(rule), LONGEST_TEXT);
}

const bound = (number: number | undefined, most: number) =>
  number === undefined ? { atLeast: most } : { value: number };

const texts: Probe<BaiduStage> = {
  name: 'long texts',
  topic: 'peerings',
  rules: ['baidu.peerconn.longestDescription', 'baidu.peerconn.longestInterfaceName'],
  objects: 1,
  networks: ['n1', 'n2'],
  minutes: 2,
  async run(stage) {
    const id = await stage.working('n1', 'n2');
    const [description, name] = ['baidu.peerconn.longestDescription', 'baidu.peerconn.longestInterfaceName'] as const;
    return {
      [description]: bound(await longest(stage, id, 'description', description), LONGEST_TEXT),
      [name]: bound(await longest(stage, id, 'localIfName', name), LONGEST_TEXT),
    };
  },
};

const bandwidths: Probe<BaiduStage> = {
  name: 'least and greatest bandwidth',
  topic: 'peerings',
  rules: ['baidu.peerconn.minimumBandwidthMbps', 'baidu.peerconn.maximumBandwidthMbps'],
  needs: ['bandwidth'],
  objects: 1,
  networks: ['n1', 'n2'],
  minutes: 3,
  money: 'a link inside one region is given bandwidth for a few seconds; its price is documented as 0',
  async run(stage) {
    const id = await stage.working('n1', 'n2');
    const accepts = async (newBandwidthInMbps: number): Promise<boolean> => {
      const changed = await stage.put(`/v1/peerconn/${id}`, { query: { resize: '' }, body: { newBandwidthInMbps } });
      if (isGood(changed)) await stage.becomes(id, ['active']);
      return isGood(changed);
    };
    const refuses = async (bandwidth: number): Promise<boolean> => !(await accepts(bandwidth));
    const [least, most] = ['baidu.peerconn.minimumBandwidthMbps', 'baidu.peerconn.maximumBandwidthMbps'] as const;
    const works = bandwidthOf(await stage.link(id, 'initiator'));
    const tooLittle = await stage.greatest(refuses, stage.numberOf(least) - 1, works);
    return {
      [least]: tooLittle === undefined ? { hidden: 'no bandwidth was accepted' } : { value: tooLittle + 1 },
      [most]: bound(await stage.greatest(accepts, stage.numberOf(most), MOST_BANDWIDTH), MOST_BANDWIDTH),
    };
  },
};

const names: Probe<BaiduStage> = {
  name: 'synchronised names',
  topic: 'peerings',
  rules: ['baidu.peerconn.dnsShowsWait', 'baidu.peerconn.dnsRepeat'],
  objects: 1,
  networks: ['n1', 'n2'],
  minutes: 1,
  async run(stage) {
    const id = await stage.working('n1', 'n2');
    const open = () => stage.put(`/v1/peerconn/${id}`, { query: { open: '', role: 'initiator' } });
    const opened = await open();
    if (!isGood(opened)) throw new Unsettled(`names cannot be synchronised: ${codeOf(opened)}`);
    const words = new Set<string>();
    const look = async (): Promise<string> => {
      const word = textAt(await stage.link(id, 'initiator'), 'dnsStatus');
      words.add(word);
      return word;
    };
    await stage.until(look, (word) => word === 'open', { what: 'synchronised names' });
    const again = await open();
    return {
      'baidu.peerconn.dnsShowsWait': { value: words.has('wait') },
      'baidu.peerconn.dnsRepeat': { value: isGood(again) ? 'succeed' : 'refuse' },
    };
  },
};

const guarded: Probe<BaiduStage> = {
  name: 'a protected link',
  topic: 'peerings',
  rules: ['baidu.peerconn.protectedCode'],
  objects: 1,
  networks: ['n1', 'n2'],
  minutes: 1,
  async run(stage) {
    const id = await stage.working('n1', 'n2');
    await stage.put(`/v1/peerconn/${id}/deleteProtect`, { body: { deleteProtect: true } });
    const released = await stage.delete(`/v1/peerconn/${id}`);
    await stage.put(`/v1/peerconn/${id}/deleteProtect`, { body: { deleteProtect: false } });
    return { 'baidu.peerconn.protectedCode': { value: isGood(released) ? 'accepted' : codeOf(released) } };
  },
};

const end: Probe<BaiduStage> = {
  name: 'the end of a link',
  topic: 'peerings',
  rules: ['baidu.route.onPeerconnRelease', 'baidu.peerconn.deletedTombstone', 'baidu.clientToken.remembersRefusals'],
  objects: 3,
  networks: ['n1', 'n2'],
  minutes: 2,
  async run(stage) {
    const id = await stage.working('n1', 'n2');
    const token = stage.token();
    const link = await stage.link(id, 'initiator');
    const hop = textAt(link, 'localIfId');
    // asked for while the pair is joined, and again in the same words when it is not; all else in them was accepted before
    const bandwidthInMbps = bandwidthOf(link);
    const request = () => stage.join('n1', 'n2', { bandwidthInMbps }, { token });
    const whileJoined = await request();
    const routed = await stage.route('n1', 'peerConn', hop);
    const rule = textAt(routed.body, 'routeRuleId');
    const released = await stage.delete(`/v1/peerconn/${id}`);
    if (!isGood(released)) {
      await stage.delete(`/v1/route/rule/${rule}`);
      await stage.delete(`/v1/peerconn/${id}`);
    }
    const word = await stage.becomes(id, ['deleted', ''], 'baidu.peerconns.release');
    const stays = (await stage.routes('n1')).some((row) => row['routeRuleId'] === rule);
    const onRelease = !isGood(released) ? 'refuse' : stays ? 'keep' : 'drop';
    if (stays) await stage.delete(`/v1/route/rule/${rule}`);
    const later = await request();
    const sameRefusal = !isGood(later) && codeOf(later) === codeOf(whileJoined);
    return {
      'baidu.route.onPeerconnRelease': isGood(routed)
        ? { value: onRelease }
        : { hidden: `no route could be made: ${codeOf(routed)}` },
      'baidu.peerconn.deletedTombstone': { value: word === 'deleted' },
      'baidu.clientToken.remembersRefusals':
        isGood(later) || sameRefusal
          ? { value: sameRefusal }
          : { hidden: `the second request was refused otherwise: ${codeOf(later)}` },
    } satisfies Readings;
  },
};

const creations: Probe<BaiduStage> = {
  name: 'networks with the same range',
  topic: 'peerings',
  rules: ['baidu.peerconn.refuseOverlappingCidrs'],
  objects: 2,
  networks: ['n1'],
  minutes: 0.5,
  async run(stage) {
    await stage.makeNetwork('t3', 'a', stage.network('n1').cidr);
    const answer = await stage.joinedOrRefused('n1', 't3');
    return { 'baidu.peerconn.refuseOverlappingCidrs': { value: !isGood(answer) } };
  },
};

const ownAccount: Probe<BaiduStage> = {
  name: 'the own account as the other one',
  topic: 'peerings',
  rules: ['baidu.peerconn.ownPeerAccountId'],
  needs: ['account'],
  objects: 1,
  networks: ['n1', 'n2'],
  minutes: 0.5,
  async run(stage) {
    const answer = await stage.joinedOrRefused('n1', 'n2', { peerAccountId: stage.account('a') });
    return { 'baidu.peerconn.ownPeerAccountId': { value: isGood(answer) ? 'same-account' : 'refuse' } };
  },
};

const systemRoutes: Probe<BaiduStage> = {
  name: 'the routes of a new network',
  topic: 'routes',
  rules: ['baidu.route.showsSystemRules'],
  objects: 0,
  networks: ['n1'],
  minutes: 0.1,
  async run(stage) {
    return { 'baidu.route.showsSystemRules': { value: (await stage.routes('n1')).length > 0 } };
  },
};

export const linkProbes: readonly Probe<BaiduStage>[] = [
  systemRoutes,
  newLink,
  texts,
  bandwidths,
  names,
  guarded,
  end,
  creations,
  ownAccount,
];
