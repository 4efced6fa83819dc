/** The emulator's rule sheet as this package takes it: data that its caller hands over, so that neither imports the other. */

export type RuleValue = number | boolean | string;

export interface SheetRule {
  /** `<cloud>.<concept>.<what>`. */
  readonly name: string;
  readonly default: RuleValue;
  /** The positions of a choice. */
  readonly values?: readonly RuleValue[];
  readonly source: string;
  readonly note: string;
}

/** A rule whose default no source decides, in part or whole. */
export const isOpen = ({ source }: SheetRule): boolean => source.includes('unverified');
