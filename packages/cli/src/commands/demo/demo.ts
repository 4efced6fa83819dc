/** `peerway demo`: the whole path on two emulated clouds inside this process, explained so that a newcomer can follow it. */
import { Emulator } from '@peerway/emulator';
import { Peerway, PeerwayError, VirtualClock } from '@peerway/runtime';
import { EXIT } from '../../exitCodes.js';
import { DEMO_CLOUDS, demoConfig, demoEnv, differences, type DemoCloud } from './demoWorld.js';
import { planText } from '../../output/plan.js';
import { lineOf } from '../../output/progress.js';
import { reportText } from '../../output/applyReport.js';
import { seconds } from '../../output/quantity.js';
import { statusText } from '../../output/status.js';
import type { Run } from '../../command.js';
import type { Session } from '../../session.js';

export const run: Run = async ({ session }) => {
  const begun = performance.now();
  const emulator = await Emulator.start({ seed: 1 });
  session.onEnd(() => emulator.close());
  const demo = new DemoRun(session, emulator);

  session.print(
    demo.say(
      'Alibaba Cloud and Baidu AI Cloud now run inside this process, on loopback, and check every signature.',
      'No account, no network, and no waiting: their time is virtual.',
    ),
  );
  demo.title(1, 'Three networks on Alibaba Cloud, two accounts, two connections');
  const first = demoConfig(DEMO_CLOUDS.alibaba);
  demo.show('peerway.yaml', first.split('\n'));
  await demo.runOn('alibaba', first);

  demo.title(2, 'The same on Baidu AI Cloud: only provider lines and ids change');
  const second = demoConfig(DEMO_CLOUDS.baidu);
  demo.showDifference(differences(first, second));
  await demo.runOn('baidu', second);

  demo.title(3, 'What happened');
  const writes = emulator.requests.filter((request) => request.mutating).length;
  const waited = seconds(emulator.clock.now() - demo.startedAt);
  session.print(
    demo.say(
      `${emulator.requests.length} signed requests went out, ${writes} of them to change something.`,
      'Both ends of every connection were made to agree and got their routes, each with the keys of its own account.',
      `No state file was written: the second plan found everything in the clouds by Peerway's mark on it, and destroy removed that and nothing else.`,
      `The clouds took ${waited} of their time for it; you waited ${seconds(performance.now() - begun)}.`,
      '',
      'Next: `peerway emulator` to try it yourself, or `peerway init` for your own account.',
    ),
  );
  return EXIT.done;
};

class DemoRun {
  readonly startedAt: number;
  readonly #clock: VirtualClock;

  constructor(
    private readonly session: Session,
    private readonly emulator: Emulator,
  ) {
    this.startedAt = emulator.clock.now();
    this.#clock = new VirtualClock({ start: this.startedAt, onAdvance: (now) => emulator.clock.advanceTo(now) });
  }

  title(number: number, text: string): void {
    this.session.print(`\n${this.session.paint.bold(`${number}. ${text}`)}\n`);
  }

  say(...lines: readonly string[]): string {
    return lines.join('\n');
  }

  show(name: string, lines: readonly string[]): void {
    const { paint } = this.session;
    // written by ourselves, variables in place of keys: the redactor would mask even those
    this.session.printAsIs([paint.dim(name), ...lines.map((line) => `  ${paint.cyan(line)}`)].join('\n'));
  }

  showDifference(lines: readonly { readonly before: string; readonly after: string }[]): void {
    const { paint } = this.session;
    const shown = lines.flatMap(({ before, after }) => [paint.red(`- ${before}`), paint.green(`+ ${after}`)]);
    this.session.printAsIs(
      [paint.dim('peerway.yaml, all lines that differ'), ...shown.map((line) => `  ${line}`), ''].join('\n'),
    );
  }

  /** plan → apply → status → empty plan → destroy, as a user would type it. */
  async runOn(cloud: DemoCloud, config: string): Promise<void> {
    const { session } = this;
    const peerway = await Peerway.load('peerway.yaml', {
      ...session.loadOptions(),
      text: config,
      env: demoEnv(cloud, this.emulator),
      clock: this.#clock,
    });
    try {
      await this.#commands(peerway);
    } finally {
      await peerway.close();
    }
  }

  async #commands(peerway: Peerway): Promise<void> {
    const { session } = this;
    const { paint, signal } = session;
    const plan = await peerway.plan({ signal });
    this.#typed('plan', 'what would change; this only reads', planText(plan, paint));
    const stop = peerway.on((event) => {
      // starts and waits are for watching; in a demo the results are enough
      const line = event.type === 'step.done' || event.type === 'step.failed' ? lineOf(event, paint) : undefined;
      if (line !== undefined) session.print(line);
    });
    this.#typed('apply', 'makes it so: asks, accepts for the other account, waits, writes the routes of both sides');
    const applied = await peerway.apply(plan, { signal });
    session.print(reportText(applied, paint));
    if (applied.outcome !== 'done') throw failed('apply');
    this.#typed(
      'status',
      'how it stands now, on both sides',
      statusText(await peerway.status({ signal }), paint, this.#clock.now()),
    );
    const again = await peerway.plan({ signal });
    this.#typed('plan', 'once more: what is there is recognised by its mark', planText(again, paint));
    if (again.steps.length > 0) throw failed('the second plan');
    this.#typed('destroy', 'removes what carries our mark, routes first');
    const removal = await peerway.plan({ mode: 'destroy', signal });
    const destroyed = await peerway.apply(removal, { signal, force: true });
    stop();
    session.print(reportText(destroyed, paint));
    if (destroyed.outcome !== 'done') throw failed('destroy');
  }

  #typed(command: string, meaning: string, output?: string): void {
    const { paint } = this.session;
    this.session.print(
      `\n${paint.dim('$')} ${paint.bold(`peerway ${command}`)}   ${paint.dim(`# ${meaning}`)}${output === undefined ? '' : `\n${output}`}`,
    );
  }
}

const failed = (what: string): PeerwayError =>
  new PeerwayError('Internal', `The demo did not go as described: ${what}`, {
    remedy: 'This is a defect; run `peerway demo --log-level debug` and report what it prints.',
  });
