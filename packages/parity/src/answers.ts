/** Reading what a cloud answered, where any of it may be missing or be something else. */
import { PeerwayError, type RawAnswer } from '@peerway/core';

export type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The member at a path of names, e.g. `Vpcs.Vpc`. */
export const memberAt = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, name) => (isRow(inner) ? inner[name] : undefined), value);

/** Its rows; none where it is no list. */
export const rowsAt = (value: unknown, path: string): readonly Row[] => {
  const found = memberAt(value, path);
  return Array.isArray(found) ? found.filter(isRow) : [];
};

/** Its text; empty where it is none. */
export const textAt = (value: unknown, path: string): string => {
  const found = memberAt(value, path);
  return typeof found === 'string' ? found : typeof found === 'number' ? String(found) : '';
};

export const isGood = ({ status }: RawAnswer): boolean => status >= 200 && status < 300;

/** The cloud's word for a refusal; empty where there is none. */
export const codeOf = ({ body }: RawAnswer): string => textAt(body, 'Code') || textAt(body, 'code');

/**
 * The answer of a reading that everything after it depends on. An answer that does not say what it should is no empty list.
 * @throws PeerwayError `FailedPrecondition` for a refusal
 */
export function mustBeGood(answer: RawAnswer, what: string): RawAnswer {
  if (isGood(answer) && isRow(answer.body)) return answer;
  throw new PeerwayError('FailedPrecondition', `${what} was refused: HTTP ${answer.status} ${codeOf(answer)}`.trim(), {
    httpStatus: answer.status,
    remedy:
      'Give the keys the rights of the page about parity; nothing that was left behind can be found without them.',
  });
}
