/** `@peerway/core/errors`: the errors alone, for code that may use nothing of node. The package itself exports them, too. */
export * from './codes.js';
export * from './error.js';
