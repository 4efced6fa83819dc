/** Probes of links between two accounts: what each side, and a stranger, may see and do. */
import { codeOf, isGood, textAt } from '../answers.js';
import type { Probe } from '../probe.js';
import type { BaiduStage } from './stage.js';

const answerBy = (stage: BaiduStage, id: string, query: Readonly<Record<string, string>>) =>
  stage.put(`/v1/peerconn/${id}`, { query }, 'b');

const strangers: Probe<BaiduStage> = {
  name: 'somebody else’s link',
  topic: 'peerings',
  rules: ['baidu.peerconn.foreignRead', 'baidu.peerconn.foreignWrite'],
  needs: ['partner', 'account'],
  objects: 2,
  networks: ['n1', 'n2', 'p1'],
  minutes: 2,
  async run(stage) {
    const foreign = await stage.working('n1', 'n2');
    const read = await stage.get(`/v1/peerconn/${foreign}`, { role: 'initiator' }, 'b');
    const written = await stage.delete(`/v1/peerconn/${foreign}`, 'b');
    const shared = await stage.asked();
    const other = await stage.link(shared, 'acceptor');
    const isDenied = codeOf(read) === 'AccessDenied';
    return {
      'baidu.peerconn.foreignRead': {
        value: other['role'] === 'acceptor' ? 'party-reads-both' : isDenied ? 'access-denied' : 'as-missing',
      },
      'baidu.peerconn.foreignWrite': {
        value: isGood(written) ? 'accepted' : codeOf(written) === 'AccessDenied' ? 'access-denied' : 'not-found',
      },
    };
  },
};

const waiting: Probe<BaiduStage> = {
  name: 'a request that waits for its answer',
  topic: 'peerings',
  rules: [
    'baidu.route.nextHopMustBeActive',
    'baidu.peerconn.twoActionFlags',
    'baidu.peerconn.acceptorViewAfterFailure',
  ],
  needs: ['partner', 'account'],
  objects: 3,
  networks: ['n1', 'p1'],
  minutes: 2,
  async run(stage) {
    const first = await stage.asked();
    const hop = textAt(await stage.link(first, 'initiator'), 'localIfId');
    const routed = await stage.route('n1', 'peerConn', hop);
    if (isGood(routed)) await stage.delete(`/v1/route/rule/${textAt(routed.body, 'routeRuleId')}`);
    const both = await answerBy(stage, first, { accept: '', reject: '' });
    let id = first;
    if (isGood(both)) {
      await stage.becomes(first, ['active', 'consult_failed']);
      await stage.delete(`/v1/peerconn/${first}`);
      await stage.becomes(first, ['deleted', '']);
      id = await stage.asked();
    }
    await answerBy(stage, id, { reject: '' });
    await stage.becomes(id, ['consult_failed']);
    const seen = textAt(await stage.link(id, 'acceptor', 'b'), 'status');
    return {
      'baidu.route.nextHopMustBeActive': { value: isGood(routed) ? 'allow' : 'refuse' },
      'baidu.peerconn.twoActionFlags': { value: isGood(both) ? 'first' : 'refuse' },
      'baidu.peerconn.acceptorViewAfterFailure': { value: seen === '' ? 'gone' : seen },
    };
  },
};

const resized: Probe<BaiduStage> = {
  name: 'more bandwidth for a request',
  topic: 'peerings',
  rules: ['baidu.peerconn.resizeWhileConsulting'],
  needs: ['partner', 'account', 'bandwidth'],
  objects: 1,
  networks: ['n1', 'p1'],
  minutes: 1,
  async run(stage) {
    const id = await stage.asked();
    const { bandwidthInMbps, bandwithInMbp } = await stage.link(id, 'initiator');
    // what it has already: only whether the verb is allowed is asked
    const body = { newBandwidthInMbps: Number(bandwidthInMbps ?? bandwithInMbp) };
    const answer = await stage.put(`/v1/peerconn/${id}`, { query: { resize: '' }, body });
    return { 'baidu.peerconn.resizeWhileConsulting': { value: isGood(answer) } };
  },
};

const wrongSide: Probe<BaiduStage> = {
  name: 'a release by the acceptor',
  topic: 'peerings',
  rules: ['baidu.peerconn.wrongSideCode'],
  needs: ['partner', 'account'],
  objects: 1,
  networks: ['n1', 'p1'],
  minutes: 1,
  async run(stage) {
    const id = await stage.asked();
    await answerBy(stage, id, { accept: '' });
    await stage.becomes(id, ['active'], 'baidu.peerconns.start');
    const answer = await stage.delete(`/v1/peerconn/${id}`, 'b');
    return { 'baidu.peerconn.wrongSideCode': { value: isGood(answer) ? 'accepted' : codeOf(answer) } };
  },
};

const theirName: Probe<BaiduStage> = {
  name: 'a name for the other side',
  topic: 'peerings',
  rules: ['baidu.peerconn.peerIfNameAcrossAccounts'],
  needs: ['partner', 'account'],
  objects: 1,
  networks: ['n1', 'p1'],
  minutes: 0.5,
  async run(stage) {
    const answer = await stage.joinedOrRefused('n1', 'p1', { peerIfName: 'theirs' });
    return { 'baidu.peerconn.peerIfNameAcrossAccounts': { value: isGood(answer) ? 'ignore' : 'refuse' } };
  },
};

export const partnerProbes: readonly Probe<BaiduStage>[] = [strangers, waiting, resized, wrongSide, theirName];
