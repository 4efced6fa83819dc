/** Offline emulator of the Alibaba Cloud and Baidu AI Cloud networking APIs. */
export { Emulator } from './emulator.js';
export type { EmulatorOptions, EmulatorState } from './emulator.js';
export { DEFAULT_WORLD } from './defaultWorld.js';
export type { CloudWorld, WorldAccount, WorldNetwork, WorldPort } from './defaultWorld.js';
export * from './control/index.js';
export { clientSettings } from './settings.js';
export type { ClientSettings } from './settings.js';
export { loadState, readState, StateFileError, writeState } from './stateFile.js';
export type { ClockMode, EmulatorClock, ScheduledEvent } from './clock.js';
export type { Fault, FaultEffect, Faults, FaultTarget, Side } from './faults.js';
export type { Evidence, OperationDescription, ParameterDescription } from './description.js';
export type { TransitionRecord } from './lifecycle.js';
export { PROFILES } from './profiles.js';
export type { Profile, ProfileName } from './profiles.js';
export { countByOperation, mutations } from './requests.js';
export type { Crash, RequestRecord } from './requests.js';
export type { RuleDefinition, Rules, RuleValue } from './rules.js';
export type { AccessKey, Account, CloudName, NetworkSeed, Policy, PortSeed, SeededNetwork, World } from './world.js';
