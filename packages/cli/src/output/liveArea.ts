/** A part of the terminal that is drawn again in place; where there is no terminal, each drawing is printed below the last. */
import type { Session } from '../session.js';

export class LiveArea {
  private constructor(
    private readonly session: Session,
    private readonly redraw: { (text: string): void; done(): void } | undefined,
  ) {}

  static async open(session: Session): Promise<LiveArea> {
    const { stdout } = session.io;
    if (stdout.isTTY !== true || session.json) return new LiveArea(session, undefined);
    const { createLogUpdate } = await import('log-update');
    return new LiveArea(session, createLogUpdate(stdout as unknown as NodeJS.WritableStream));
  }

  get live(): boolean {
    return this.redraw !== undefined;
  }

  show(text: string): void {
    if (this.redraw === undefined) this.session.print(text);
    else this.redraw(this.session.shown(text));
  }

  /** Leaves the last drawing standing. */
  done(): void {
    this.redraw?.done();
  }
}
