/** Which activations of a workflow are worked off: those of a workflow task, and no events beyond it. */
import { describe, expect, it } from '@jest/globals';
import { WholeTasks, type SeenActivation } from '../src/temporal/workflows/wholeTasks.js';

const at = (seconds: number, historyLength: number, job = 'fireTimer'): SeenActivation => ({
  timestamp: { seconds, nanos: 5 },
  historyLength,
  jobs: [{ [job]: {} }],
});
const REFUSED = 'no workflow task yet';

describe('a workflow', () => {
  it('works off one task after the other, and one task in several parts', () => {
    const tasks = new WholeTasks();
    for (const activation of [at(1, 3), at(2, 9), at(2, 9), at(3, 14)]) tasks.look(activation);
  });

  it('does not work off events in the time of a task that was before them', () => {
    const tasks = new WholeTasks();
    tasks.look(at(1, 3));
    tasks.look(at(2, 9));
    expect(() => tasks.look(at(2, 11))).toThrow(REFUSED);
    expect(() => tasks.look(at(2, 12))).toThrow(REFUSED);
    tasks.look(at(3, 13));
  });

  it('answers questions wherever they come', () => {
    const tasks = new WholeTasks();
    tasks.look(at(1, 3));
    tasks.look(at(1, 5, 'queryWorkflow'));
    tasks.look(at(2, 9));
  });
});
