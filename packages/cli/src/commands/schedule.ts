/** `peerway schedule`: when a server looks at a stack, or applies it, by itself. */
import { PeerwayError } from '@peerway/runtime';
import { EXIT } from '../exitCodes.js';
import { schedulesText } from '../output/remote.js';
import type { Run } from '../command.js';
import type { Flags } from '../flags.js';
import type { RemoteSchedule } from '../remote/answers.js';
import { RemoteClient } from '../remote/client.js';

const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

export const run: Run = async ({ session, flags, args: [stack = flags.text('stack')] }) => {
  const client = RemoteClient.of(session);
  const { signal, paint } = session;
  const show = (schedules: readonly RemoteSchedule[]): void => {
    if (session.json) session.printJson({ schedules });
    else session.print(schedulesText(schedules, paint));
  };
  const changes = ['every', 'action'].some((name) => flags.text(name) !== undefined) || flags.is('pause');
  if (stack === undefined && (changes || flags.is('remove'))) {
    throw new PeerwayError('InvalidArgument', 'No stack is named', {
      remedy: 'Name it: peerway schedule <stack> --every 6h.',
    });
  }
  const path = `/v1/stacks/${encodeURIComponent(stack ?? '')}/schedule`;
  if (flags.is('remove')) {
    await client.ask(path, { method: 'DELETE', signal });
    session.note('Nothing is done by itself any more.');
    return EXIT.done;
  }
  const { schedules } = await client.ask<{ readonly schedules: readonly RemoteSchedule[] }>('/v1/schedules', {
    lists: ['schedules'],
    signal,
  });
  const known = schedules.find((each) => each.stack === stack);
  if (!changes) show(stack === undefined ? schedules : schedules.filter((each) => each.stack === stack));
  else show([await client.ask<RemoteSchedule>(path, { method: 'PUT', signal, body: wanted(flags, known) })]);
  return EXIT.done;
};

/** What is not said stays as it is. */
function wanted(flags: Flags, known: RemoteSchedule | undefined): object {
  const every = flags.text('every');
  const everySeconds = every === undefined ? known?.everySeconds : secondsOf(every);
  if (everySeconds === undefined) {
    throw new PeerwayError('InvalidArgument', 'It is not said how often', {
      place: '--every',
      remedy: 'Add e.g. --every 6h.',
    });
  }
  return { action: flags.text('action') ?? known?.action ?? 'look', everySeconds, paused: flags.is('pause') };
}

function secondsOf(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,7})([smhd])$/.exec(text) ?? [];
  const seconds = Number(digits) * (UNITS[unit as keyof typeof UNITS] ?? 0);
  if (seconds >= 10 && seconds <= 31 * UNITS.d) return seconds;
  throw new PeerwayError(
    'InvalidArgument',
    `--every ${JSON.stringify(text.slice(0, 20))} is no time from 10 s to 31 days`,
    {
      place: '--every',
      remedy: 'Give e.g. --every 90s, 10m, 6h or 1d.',
    },
  );
}
