/**
 * Each world on clouds of every kind: what a plan says, what applying it asks for, what is left to do, and how it all goes again. What
 * goes as on a kind before it is said to.
 */
import { afterAll, describe, expect, it } from '@jest/globals';
import { worldOf } from './driftCases.js';
import { tellStatus } from './faultLines.js';
import { FADING, MIRRORED, SHARED, STRICT, type FakeOptions } from './fakeCloud.js';
import { carriedLines, planLines, Told } from './told.js';
import { UNTAGGED, WORLDS, type World } from './worlds.js';

const CLOUDS: Readonly<Record<string, Partial<FakeOptions>>> = {
  shared: SHARED,
  untagged: UNTAGGED,
  'plain routes': { ...SHARED, routeDescriptions: false, retag: false },
  mirrored: MIRRORED,
  strict: { ...STRICT, bandwidth: 'optional', linkChanges: true },
  fading: FADING,
};

const declaresTags = (declared: World['declared']): boolean =>
  declared?.connections?.some(({ peering }) => peering.tags !== undefined) === true;

async function story({ plant, options, declared, virgin }: World, cloud: Partial<FakeOptions>): Promise<string[]> {
  if (declaresTags(declared) && cloud.tags === false) return ['there are no tags'];
  const scene = await worldOf({
    options: { ...cloud, ...options },
    ...(declared === undefined ? {} : { declared }),
    ...(virgin === undefined ? {} : { virgin }),
  });
  plant(scene.cloud, scene);
  return [
    ...tellStatus(await scene.engine().status()),
    ...(await carriedLines(scene, 'apply')),
    ...(await carriedLines(scene, 'apply')),
    ...(await carriedLines(scene, 'destroy')),
    ...planLines(await scene.plan({ mode: 'destroy' })),
  ];
}

describe('on clouds of every kind', () => {
  const told = new Told('clouds');
  afterAll(() => told.end());

  it.each(WORLDS)('%s is told', async (name, world) => {
    expect(await told.differences(name, CLOUDS, (cloud) => story(world, cloud))).toEqual([]);
  });
});
