/** All suites in the order in which a new provider meets them: easy first. */
import type { Suite } from '../case.js';
import { acceptance } from './acceptance.js';
import { cancellation } from './cancellation.js';
import { capabilities } from './capabilities.js';
import { concurrency } from './concurrency.js';
import { crossAccount } from './crossAccount.js';
import { crossRegion } from './crossRegion.js';
import { engine } from './engine.js';
import { errors } from './errors.js';
import { faults } from './faults.js';
import { idempotency } from './idempotency.js';
import { lifecycle } from './lifecycle.js';
import { links } from './links.js';
import { native } from './native.js';
import { paging } from './paging.js';
import { readOnly } from './readOnly.js';
import { rights } from './rights.js';
import { routes } from './routes.js';
import { sides } from './sides.js';
import { texts } from './texts.js';
import { waiters } from './waiters.js';
import { words } from './words.js';

export const SUITES: readonly Suite[] = [
  capabilities,
  lifecycle,
  readOnly,
  sides,
  acceptance,
  routes,
  texts,
  words,
  paging,
  idempotency,
  errors,
  rights,
  crossAccount,
  crossRegion,
  links,
  waiters,
  cancellation,
  native,
  concurrency,
  faults,
  engine,
];
