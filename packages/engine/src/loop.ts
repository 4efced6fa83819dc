/**
 * `@peerway/engine/loop`: what another host than this process runs a plan with. Nothing of node stands behind it, so that a durable
 * workflow, whose code may use none of it, can be made of it. Everything here is exported by the package itself, too.
 */
export { runLoop } from './apply/runLoop.js';
export { Schedule } from './apply/schedule.js';
export { PlaceQueue } from './pacing/placeQueue.js';
