/** Probes of peerings between two accounts: what each side may do, and when. */
import { codeOf, isGood } from '../answers.js';
import type { Probe } from '../probe.js';
import { Unsettled } from '../unsettled.js';
import type { AlibabaStage } from './stage.js';

/** A request of the first account's that the other one has not answered yet. @throws Unsettled */
async function asked(stage: AlibabaStage): Promise<string> {
  const id = await stage.joined('n1', 'p1');
  const word = await stage.becomes(id, ['Accepting', 'Activated']);
  if (word !== 'Accepting') throw new Unsettled(`the request was ${word} before anybody answered`);
  return id;
}

/** Nothing joins the two networks any more. */
const apart = (stage: AlibabaStage, id: string): Promise<string> =>
  stage.until(
    () => stage.statusOf(id),
    (word) => word === 'Deleted' || word.startsWith('ResourceNotFound'),
    {
      what: 'the end of the peering',
      change: 'alibaba.vpcPeer.delete',
    },
  );

export const partnerProbes: readonly Probe<AlibabaStage>[] = [
  {
    name: 'a request that waits for its answer',
    topic: 'peerings',
    rules: ['alibaba.vpcPeer.acceptByInitiatorCode', 'alibaba.vpcPeer.deleteFrom', 'alibaba.vpcPeer.endedBlocksPair'],
    needs: ['partner'],
    objects: 3,
    networks: ['n1', 'p1'],
    minutes: 2,
    async run(stage) {
      const id = await asked(stage);
      const byInitiator = await stage.peer('AcceptVpcPeerConnection', { InstanceId: id });
      const acceptByInitiator = { value: isGood(byInitiator) ? 'accepted' : codeOf(byInitiator) };
      const deleted = await stage.peer('DeleteVpcPeerConnection', { InstanceId: id });
      if (!isGood(deleted)) {
        return {
          'alibaba.vpcPeer.acceptByInitiatorCode': acceptByInitiator,
          'alibaba.vpcPeer.deleteFrom': {
            value: codeOf(deleted) === 'IncorrectStatus.VpcPeer' ? 'activated' : codeOf(deleted),
          },
          // what cannot be deleted must not be rejected: nobody could take it away
          'alibaba.vpcPeer.endedBlocksPair': { hidden: 'a rejected peering could not be deleted here' },
        };
      }
      await apart(stage, id);
      const rejected = await asked(stage);
      await stage.peer('RejectVpcPeerConnection', { InstanceId: rejected }, 'b');
      await stage.becomes(rejected, ['Rejected'], 'alibaba.vpcPeer.reject');
      const again = await stage.join('n1', 'p1');
      const code = codeOf(again);
      return {
        'alibaba.vpcPeer.acceptByInitiatorCode': acceptByInitiator,
        'alibaba.vpcPeer.deleteFrom': { value: 'settled' },
        'alibaba.vpcPeer.endedBlocksPair':
          isGood(again) || code === 'ResourceAlreadyExist.VpcPeer'
            ? { value: !isGood(again) }
            : { hidden: `the second request was refused otherwise: ${code}` },
      };
    },
  },
  {
    name: 'deleting while the other side has a route',
    topic: 'routes',
    rules: ['alibaba.vpcPeer.routesBlockDelete'],
    needs: ['partner'],
    objects: 2,
    networks: ['n1', 'p1'],
    minutes: 2,
    async run(stage) {
      const id = await asked(stage);
      await stage.peer('AcceptVpcPeerConnection', { InstanceId: id }, 'b');
      await stage.becomes(id, ['Activated'], 'alibaba.vpcPeer.accept');
      const route = await stage.patientlyRouting(() =>
        stage.vpc(
          'CreateRouteEntry',
          {
            RouteTableId: stage.network('p1').table,
            DestinationCidrBlock: stage.network('n1').cidr,
            NextHopType: 'VpcPeer',
            NextHopId: id,
          },
          'b',
        ),
      );
      if (!isGood(route)) throw new Unsettled(`no route could be made: ${codeOf(route)}`);
      await stage.sleep(10_000);
      const answer = await stage.peer('DeleteVpcPeerConnection', { InstanceId: id });
      return { 'alibaba.vpcPeer.routesBlockDelete': { value: isGood(answer) ? 'caller-side' : 'both-sides' } };
    },
  },
];
