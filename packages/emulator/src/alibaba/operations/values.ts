/** Small readings of parameters that several operations share. */
import type { Input } from '../../machine/input.js';

export const numberOrDefault = (input: Input, name: string, value: number): number =>
  input.optionalInteger(name) ?? value;

/** A comma list; empty when absent. */
export const commaList = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
