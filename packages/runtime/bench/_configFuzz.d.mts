export interface ConfigFuzzResult {
  readonly count: number;
  readonly refused: number;
  readonly slowestMs: number;
  readonly finding: string | undefined;
  readonly peakMegabytes: number;
}

export const CANARY: string;
export function drawConfig(seed: number): string;
export function fuzzConfigs(options: {
  readonly seed: number;
  readonly inputs?: number;
  readonly budgetMs?: number;
}): Promise<ConfigFuzzResult>;
