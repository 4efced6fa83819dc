/** Public surface of @peerway/runtime, the package an application imports: everything of core and engine, and the way in. */
export * from '@peerway/core';
export * from '@peerway/engine';
export { Peerway } from './peerway.js';
export type { PeerwayParts } from './peerway.js';
export { prepare } from './load.js';
export type { LoadOptions, Prepared } from './load.js';
export type { EventListener } from './events.js';
export type { Graph, GraphEdge, GraphNetwork } from './graph.js';
export { ConfigError, isConfigError, placeOf } from './config/problem.js';
export type { ConfigProblem } from './config/problem.js';
export type { Config, ConnectionEntry, LinkEntry, NetworkEntry, ProviderEntry } from './config/model.js';
export { suggestion } from './config/nearest.js';
export { configSchema } from './config/schema.js';
export { loadPlugin } from './plugins/load.js';
export type { Loaded, PluginSource } from './plugins/load.js';
export { endpointVariable } from './plugins/endpoint.js';
export type { ReadyEntry } from './plugins/entries.js';
export type { Observation, StackChange, WatchOptions } from './watch.js';
