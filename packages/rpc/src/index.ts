export type { BoxStep, CallerState, RpcAnswer, RpcCall, SessionRef } from './call.ts';
export {
  type Caller,
  type CallerKind,
  defineMethod,
  type MethodDefinition,
  type PartRule,
  type RepeatRule,
  type RpcContext,
  type RpcMethod,
} from './define-method.ts';
export type { PartOfFile } from './call.ts';
export { DEFAULT_PART_BYTES_PER_SECOND } from './part-limits.ts';
export { type DirectCaller, directCallerOf } from './direct-caller.ts';
export { createDispatcher, type DirectCalls, type Dispatcher, MAINTENANCE_WAIT_S } from './dispatcher.ts';
export type { DispatcherOptions } from './dispatcher-options.ts';
export type { AnyElsewhereRules, ElsewhereRules } from './elsewhere.ts';
export { BYTES_OF_TOKEN, DEFAULT_FLOOD, METHOD_CHANNEL } from './method-runner.ts';
export { DEFAULT_LIMITS, joinLimits, type FieldLimit, type FieldLimits, type MethodLimits } from './field-limits.ts';
