/** The workflows, as they are bundled: nothing of node, no clock and no randomness but Temporal's. */
export { keepPlaces } from './keepPlaces.js';
export { reconcile } from './reconcile.js';
export { stackRun } from './stackRun.js';
