/** Probes of dedicated gateways that are bound to no line. */
import { codeOf, isGood, textAt } from '../answers.js';
import type { Probe } from '../probe.js';
import { Unsettled } from '../unsettled.js';
import type { BaiduStage } from './stage.js';

const MONEY = 'a dedicated gateway without a line, for seconds; no price is documented';

/** @throws Unsettled */
async function gateway(stage: BaiduStage): Promise<string> {
  const { id: vpcId } = stage.network('n1');
  const made = await stage.post('/v1/etGateway', { name: `peerway-parity-${stage.run}`, vpcId, speed: 10 });
  if (!isGood(made)) throw new Unsettled(`no dedicated gateway could be made: ${codeOf(made)}`);
  return textAt(made.body, 'etGatewayId');
}

const statusOf = async (stage: BaiduStage, id: string): Promise<string> =>
  textAt((await stage.get(`/v1/etGateway/${id}`)).body, 'status');

export const gatewayProbes: readonly Probe<BaiduStage>[] = [
  {
    name: 'a gateway that is being made',
    topic: 'lines',
    rules: ['baidu.etGateway.intermediateStatus', 'baidu.etGateway.releaseWhileUpdating'],
    needs: ['bandwidth'],
    objects: 1,
    networks: ['n1'],
    minutes: 0.5,
    money: MONEY,
    async run(stage) {
      const id = await gateway(stage);
      const word = await statusOf(stage, id);
      const released = await stage.delete(`/v1/etGateway/${id}`);
      return {
        'baidu.etGateway.intermediateStatus': { value: word },
        'baidu.etGateway.releaseWhileUpdating': { value: isGood(released) ? 'allow' : 'refuse' },
      };
    },
  },
  {
    name: 'the end of a gateway',
    topic: 'lines',
    rules: ['baidu.route.onGatewayRelease'],
    needs: ['bandwidth'],
    objects: 2,
    networks: ['n1'],
    minutes: 1,
    money: MONEY,
    async run(stage) {
      const id = await gateway(stage);
      // a gateway may be called running before it is
      await stage.sleep(5_000);
      await stage.until(
        () => statusOf(stage, id),
        (word) => word === 'running',
        { what: 'a running gateway' },
      );
      const routed = await stage.route('n1', 'dcGateway', id);
      if (!isGood(routed)) throw new Unsettled(`no route could be made: ${codeOf(routed)}`);
      const rule = textAt(routed.body, 'routeRuleId');
      const released = await stage.delete(`/v1/etGateway/${id}`);
      const stays = (await stage.routes('n1')).some((row) => row['routeRuleId'] === rule);
      return { 'baidu.route.onGatewayRelease': { value: !isGood(released) ? 'refuse' : stays ? 'keep' : 'drop' } };
    },
  },
];
