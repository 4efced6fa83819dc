/** Offline emulator of the Alibaba Cloud and Baidu AI Cloud networking APIs. */
export { Emulator, ruleSheet } from './emulator.js';
export type { EmulatorOptions, EmulatorState, InProcessRequest } from './emulator.js';
export { DEFAULT_WORLD } from './defaultWorld.js';
export type { CloudWorld, WorldAccount, WorldNetwork, WorldPort, WorldResourceGroup } from './defaultWorld.js';
export * from './control/index.js';
export { clientSettings } from './settings.js';
export type { ClientSettings } from './settings.js';
export { loadState, readState, StateFileError, writeState } from './state/stateFile.js';
export type { ClockMode, EmulatorClock, ScheduledEvent } from './machine/clock.js';
export type { Fault, FaultEffect, Faults, FaultTarget, Side } from './machine/faults.js';
export type { Evidence, OperationDescription, ParameterDescription } from './machine/description.js';
export type { TransitionRecord } from './machine/lifecycle.js';
export type { Delivery } from './machine/pipeline.js';
export { PROFILES } from './machine/profiles.js';
export type { Profile, ProfileName } from './machine/profiles.js';
export { countByOperation, mutations } from './machine/requests.js';
export type { Crash, RequestRecord } from './machine/requests.js';
export type { RuleDefinition, Rules, RuleValue } from './machine/rules.js';
export type {
  AccessKey,
  Account,
  CloudName,
  NetworkSeed,
  Policy,
  PortSeed,
  ResourceGroupSeed,
  SeededNetwork,
  World,
} from './machine/world.js';
