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
export { BYTES_OF_TOKEN, createDispatcher, DEFAULT_FLOOD, type Dispatcher, type DispatcherOptions, METHOD_CHANNEL } from './dispatcher.ts';
export { DEFAULT_LIMITS, joinLimits, type FieldLimit, type FieldLimits, type MethodLimits } from './field-limits.ts';
