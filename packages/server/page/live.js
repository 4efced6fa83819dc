/** Asks again and again while somebody looks, and draws only when something is different. */
import { Refused } from './api.js';
import { notice } from './dom.js';

const EVERY_MS = 5_000;

/**
 * @param read gives what is shown; its first failure ends the view, later ones are said and tried again
 * @param draw called when what was read is different
 * @param everyMs pause between two; default 5 s
 * @returns function that asks at once; it resolves when that is drawn
 */
export async function live({ read, draw, signal, everyMs = EVERY_MS }) {
  let shown;
  let failing = false;
  const look = async () => {
    const found = await read();
    const text = JSON.stringify(found);
    if (signal.aborted) return;
    if (failing) notice('The server answers again.');
    failing = false;
    if (text === shown) return;
    shown = text;
    await draw(found);
  };
  await look();
  const again = async () => {
    if (signal.aborted) return;
    try {
      if (document.visibilityState === 'visible') await look();
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refused && !failing) notice(error.message);
      failing = true;
    }
    if (!signal.aborted) setTimeout(again, everyMs);
  };
  setTimeout(again, everyMs);
  return look;
}

/** Does what a button is for; it cannot be pressed twice, and what is refused is said. */
export const pressed = (work) => async (event) => {
  const button = event.currentTarget;
  button.disabled = true;
  try {
    await work();
  } catch (error) {
    notice(
      error instanceof Refused
        ? `${error.message}. ${error.said.remedy ?? ''}`
        : 'The page itself failed; load it again.',
    );
  } finally {
    button.disabled = false;
  }
};
