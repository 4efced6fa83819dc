/** Public surface of the conformance kit. */
export * from './harness.js';
export { caseCount, runConformance } from './run.js';
export type { ConformanceOptions, Mode, Runner } from './run.js';
export { Inventory } from './inventory.js';
export { jsonLine } from './report.js';
export type { CaseReport, Divergence } from './report.js';
export { TOPICS } from './case.js';
export type { Topic } from './case.js';
export { RecordingProxy } from './proxy/recordingProxy.js';
export type { ProxyOptions } from './proxy/recordingProxy.js';
export type { Refusal } from './proxy/faultQueue.js';
export type { Forward, Manner, ProxiedAnswer, ProxiedRequest } from './proxy/exchange.js';
