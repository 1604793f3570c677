export type { BoxStep, CallerState, RpcAnswer, RpcCall, SessionRef } from './call.ts';
export {
  type Caller,
  type CallerKind,
  defineMethod,
  type MethodDefinition,
  type RepeatRule,
  type RpcContext,
  type RpcMethod,
} from './define-method.ts';
export { createDispatcher, type Dispatcher, type DispatcherOptions } from './dispatcher.ts';
export { DEFAULT_LIMITS, joinLimits, type FieldLimit, type FieldLimits, type MethodLimits } from './field-limits.ts';
