/** Which histories `npm test` lives, of each cloud: always the same. */
export const RUNS = 100;
export const SEED = 20_261_126;
