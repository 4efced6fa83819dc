/** A step that sent nothing and saw no change is not done; one that somebody else has made superfluous is. */
import { expect, it } from '@jest/globals';
import { FakeCloud, SHARED } from './fakeCloud.js';
import { pair, Scene } from './scene.js';

const TAGGED = { connections: [pair('web-data', 'web', 'data', { tags: { team: 'net' } })] };

/** A peering that is there and lacks its tag, in a cloud whose provider never sends a change. */
async function untagged(): Promise<{ cloud: FakeCloud; scene: Scene }> {
  const cloud = new FakeCloud({ ...SHARED, deaf: true });
  cloud.network('web', ['10.0.0.0/16']);
  cloud.network('data', ['10.1.0.0/16']);
  const scene = new Scene(cloud, TAGGED);
  await scene.apply();
  delete cloud.peeringOf('web', 'data').tags['team'];
  return { cloud, scene };
}

it('nothing sent and nothing changed: the step fails, with a remedy', async () => {
  const { scene } = await untagged();
  const report = await scene.apply();
  expect(report.outcome).toBe('failed');
  expect(report.steps).toMatchObject([
    {
      outcome: 'failed',
      error: {
        code: 'FailedPrecondition',
        message: 'Nothing was sent and nothing has changed',
        remedy: expect.stringContaining('Plan again'),
      },
    },
  ]);
});

it('nothing sent, and a look shows that somebody else has made the change: the step is done', async () => {
  const { cloud, scene } = await untagged();
  const engine = scene.engine();
  const plan = await engine.plan();
  cloud.peeringOf('web', 'data').tags['team'] = 'net';
  const { tags } = cloud.peeringOf('web', 'data');
  tags['peerway.tags'] = String(
    plan.steps
      .map((step) => JSON.stringify(step))
      .join()
      .match(/"peerway.tags":"(\w+)"/)?.[1],
  );
  expect((await engine.apply(plan)).outcome).toBe('done');
});
