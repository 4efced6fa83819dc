/** The last door before a terminal: whatever a text holds, it can colour and break lines, and nothing else. */
import { printable } from '@peerway/runtime';

/** The colours that `paint` makes, and no other sequence. */
// eslint-disable-next-line no-control-regex
const COLOUR = /(\u001b\[(?:1|2|22|3[1-6]|39)m)/;

export function terminalText(text: string, coloured: boolean): string {
  if (!coloured) return printable(text);
  return text
    .split(COLOUR)
    .map((part, at) => (at % 2 === 1 ? part : printable(part)))
    .join('');
}
