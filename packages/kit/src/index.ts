export { type BotCallLog, createBotCallLog, type RecordedCall } from './bot-call-log.ts';
export type { BotFaults, Fault, FaultKind } from './bot-faults.ts';
export { defineOperation, type Operation, type OperationCall } from './define-operation.ts';
export type { Kit } from './kit.ts';
export { createKitClock, type KitClock } from './kit-clock.ts';
export { KitError, type KitErrorCode, type KitErrorDetails } from './kit-error.ts';
export type { TestSet } from './test-set.ts';
export type { TestSets } from './test-sets.ts';
