/** e.g. `1 peering`, `3 peerings`. */
export const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
