/** All suites in the order in which a new provider meets them. */
import type { Suite } from '../case.js';
import { acceptance } from './acceptance.js';
import { capabilities } from './capabilities.js';
import { errors } from './errors.js';
import { idempotency } from './idempotency.js';
import { lifecycle } from './lifecycle.js';
import { paging } from './paging.js';
import { readOnly } from './readOnly.js';
import { routes } from './routes.js';
import { sides } from './sides.js';

export const SUITES: readonly Suite[] = [
  capabilities,
  lifecycle,
  readOnly,
  sides,
  acceptance,
  routes,
  paging,
  idempotency,
  errors,
];
