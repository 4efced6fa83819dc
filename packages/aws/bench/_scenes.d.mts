import type { Fuzz } from '../../core/bench/_answerFuzz.mjs';

export const FUZZ: Fuzz;
