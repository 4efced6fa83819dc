/** The control API: an HTTP port beside the clouds' own, and its typed client. */
export { ControlClient, ControlError } from './client.js';
export { CONTROL_VERSION } from './protocol.js';
export type {
  AssertAnswer,
  CallCount,
  ClockAnswer,
  ClockMove,
  CrashAnswer,
  InfoAnswer,
  OperationAnswer,
  PlantedFault,
  ReadyAnswer,
  RequestFilter,
  RuleAnswer,
  TransitionFilter,
} from './protocol.js';
export { startControl } from './server.js';
export type { ControlOptions, ControlServer } from './server.js';
