/** The same probes on a recording: what they read there must be what the file says they read. */
import { PeerwayError } from '@peerway/core';
import { NETWORKS, type Cloud } from './cloud.js';
import type { Evidence, ProbeRecord } from './evidence.js';
import type { Readings } from './probe.js';
import { makeNetworks, readingsBy } from './run.js';
import { Replay } from './wire/replay.js';

export interface Replayed {
  /** The file with what the probes of today read from its recordings. */
  readonly evidence: Evidence;
  /** Rules that are read otherwise today than when it was recorded, or by no probe. */
  readonly changed: readonly string[];
}

/** @throws PeerwayError `InvalidArgument` for the file of another cloud */
export async function replayEvidence(cloud: Cloud, evidence: Evidence): Promise<Replayed> {
  if (evidence.provider !== cloud.id)
    throw new PeerwayError('InvalidArgument', `The file is about ${evidence.provider}, not ${cloud.id}`);
  const changed: string[] = [];
  const sittings = [];
  for (const [index, sitting] of evidence.sittings.entries()) {
    const wire = new Replay();
    const stage = cloud.stage({
      wire,
      clock: wire.clock,
      run: evidence.run,
      sitting: index,
      regions: evidence.regions,
      accounts: evidence.accounts,
      defaultOf: (rule) => evidence.defaults[rule],
    });
    wire.load(sitting.networks);
    stage.enter('networks');
    await makeNetworks(stage, rolesIn(evidence.run, sitting.networks));
    const probes: ProbeRecord[] = [];
    for (const record of sitting.probes) {
      const probe = cloud.probes.find(({ name }) => name === record.name);
      wire.load(record.exchanges);
      const readings: Readings =
        probe === undefined
          ? Object.fromEntries(
              Object.keys(record.readings).map((rule) => [rule, { hidden: 'no probe reads it today' }]),
            )
          : await readingsBy(probe, stage);
      for (const rule of new Set([...Object.keys(record.readings), ...Object.keys(readings)])) {
        if (JSON.stringify(record.readings[rule]) !== JSON.stringify(readings[rule])) changed.push(rule);
      }
      probes.push({ ...record, readings });
    }
    sittings.push({ ...sitting, probes });
  }
  return { evidence: { ...evidence, sittings }, changed: changed.sort() };
}

/** Which networks were made, by the names that were asked for. */
function rolesIn(run: string, exchanges: Evidence['sittings'][number]['networks']): readonly string[] {
  const text = JSON.stringify(exchanges);
  return Object.keys(NETWORKS)
    .filter((role) => text.includes(`peerway-parity-${run}-${role}"`))
    .sort();
}
