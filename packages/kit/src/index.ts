export type { BotCallLog, RecordedCall } from './bot-call-log.ts';
export { defineOperation, type Operation, type OperationCall } from './define-operation.ts';
export type { Kit } from './kit.ts';
export type { KitClock } from './kit-clock.ts';
export { KitError, type KitErrorCode, type KitErrorDetails } from './kit-error.ts';
export type { TestSet } from './test-set.ts';
export type { TestSets } from './test-sets.ts';
export { startKit, type RunningKit, type StartKitOptions } from './start-kit.ts';
export { OPERATIONS } from './operations/index.ts';
