/** Probes of router interfaces, inside one account and region, where they are not billed. */
import { codeOf, isGood, rowsAt, textAt } from '../answers.js';
import type { Probe } from '../probe.js';
import { Unsettled } from '../unsettled.js';
import type { AlibabaStage } from './stage.js';

/** A router interface of a network that nobody else's is joined to. @throws Unsettled */
async function idleInterface(stage: AlibabaStage, RouterId: string): Promise<string> {
  const region = stage.region('a');
  const made = await stage.vpc('CreateRouterInterface', {
    Role: 'InitiatingSide',
    OppositeRegionId: region,
    Spec: 'Small.1',
    RouterType: 'VRouter',
    RouterId,
    Name: `peerway-parity-${stage.run}`,
  });
  if (!isGood(made)) throw new Unsettled(`no router interface could be made: ${codeOf(made)}`);
  return textAt(made.body, 'RouterInterfaceId');
}

export const lineProbes: readonly Probe<AlibabaStage>[] = [
  {
    name: 'a route to an interface that is not connected',
    topic: 'lines',
    rules: ['alibaba.routeEntry.toIdleInterface'],
    objects: 2,
    networks: ['n1'],
    minutes: 0.5,
    async run(stage) {
      const { router, table } = stage.network('n1');
      const NextHopId = await idleInterface(stage, router);
      const answer = await stage.patientlyRouting(() =>
        stage.vpc('CreateRouteEntry', {
          RouteTableId: table,
          DestinationCidrBlock: '198.18.240.0/24',
          NextHopType: 'RouterInterface',
          NextHopId,
        }),
      );
      const code = codeOf(answer);
      const value = isGood(answer) ? 'accepted' : code === 'IncorrectStatus.RouterInterface' ? 'refused' : code;
      return { 'alibaba.routeEntry.toIdleInterface': { value } };
    },
  },
  {
    name: 'a network whose interface is being deleted',
    topic: 'lines',
    rules: ['alibaba.routerInterface.deletingBlocks'],
    objects: 2,
    networks: [],
    minutes: 1,
    async run(stage) {
      const { id: VpcId, router } = await stage.makeNetwork('t1', 'a', '198.18.200.0/24');
      const id = await idleInterface(stage, router);
      const filter = { 'Filter.1.Key': 'RouterInterfaceId', 'Filter.1.Value.1': id };
      await stage.vpc('DeleteRouterInterface', { RouterInterfaceId: id });
      const shown = await stage.vpc('DescribeRouterInterfaces', filter);
      const isGoing = rowsAt(shown.body, 'RouterInterfaceSet.RouterInterfaceType').some(
        (row) => row['RouterInterfaceId'] === id,
      );
      if (!isGoing) throw new Unsettled('the interface was gone before the network could be deleted');
      const answer = await stage.vpc('DeleteVpc', { VpcId });
      const code = codeOf(answer);
      if (!isGood(answer) && !code.startsWith('DependencyViolation')) throw new Unsettled(`the answer was ${code}`);
      return { 'alibaba.routerInterface.deletingBlocks': { value: !isGood(answer) } };
    },
  },
];
