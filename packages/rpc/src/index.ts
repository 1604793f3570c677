export type { BoxStep, CallerState, RpcAnswer, RpcCall, SessionRef } from './call.ts';
export {
  type Caller,
  type CallerKind,
  defineMethod,
  type MethodDefinition,
  type MethodLimits,
  type RepeatRule,
  type RpcContext,
  type RpcMethod,
} from './define-method.ts';
export { createDispatcher, type Dispatcher, type DispatcherOptions } from './dispatcher.ts';
