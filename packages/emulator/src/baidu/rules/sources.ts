/** How a rule names where its default comes from. */

export const DOC = 'vendor documentation';
/** No source decides: why the default was chosen. */
export const open = (why: string): string => `unverified: ${why}`;
