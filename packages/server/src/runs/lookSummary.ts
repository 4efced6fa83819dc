/** Of a look what a list shows. Pure: asked in this process and in a workflow. */
import type { Look, LookSummary } from './service.js';

export const lookSummary = ({ stack, at, drift, error }: Look): LookSummary =>
  error === undefined ? { stack, at, drift: drift.length } : { stack, at, error };
