/** Service identifiers of the container, with their types beside them. Only container.ts uses them. */
import type { Clock, Environment, Provider } from '@peerway/core';
import type { Engine, StackSpec } from '@peerway/engine';
import type { ServiceIdentifier } from 'inversify';
import type { Config } from './config/model.js';
import type { EventHub } from './events.js';
import type { PeerwayParts } from './parts.js';

export const CONFIG = Symbol.for('peerway/Config') as ServiceIdentifier<Config>;
export const CLOCK = Symbol.for('peerway/Clock') as ServiceIdentifier<Clock>;
export const ENVIRONMENT = Symbol.for('peerway/Environment') as ServiceIdentifier<Environment>;
export const EVENTS = Symbol.for('peerway/Events') as ServiceIdentifier<EventHub>;
/** One unnamed binding per provider entry; collected with `isMultiple`. */
export const PROVIDER = Symbol.for('peerway/Provider') as ServiceIdentifier<Provider>;
export const STACK = Symbol.for('peerway/Stack') as ServiceIdentifier<StackSpec>;
export const ENGINE = Symbol.for('peerway/Engine') as ServiceIdentifier<Engine>;
/** All of it, ready for the one object of an application. */
export const PARTS = Symbol.for('peerway/Parts') as ServiceIdentifier<PeerwayParts>;
