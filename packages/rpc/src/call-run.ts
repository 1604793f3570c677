import type { KeyState } from '@aerogram/domain';
import type { TraceSpan } from '@aerogram/runtime';

import type { BoxStep, RpcCall } from './call.ts';
import type { OrderSlot } from './peer-order.ts';
import type { Unwrapped } from './unwrap.ts';

/** What becomes known about a call while it runs. */
export class CallRun {
  readonly call: RpcCall;
  readonly boxSteps: BoxStep[] = [];
  request: Unwrapped | undefined;
  key: KeyState | undefined;
  /** When its handler began, by `monotonicMs`. */
  startedMs: number | undefined;
  /** The part of a file that the answer is to contain. */
  part: { owner: string; charged: number; release?: () => void } | undefined;
  /** Its place in the order of the session's sends to one peer. */
  slot: OrderSlot | undefined;
  /** Undefined for a call that is not traced. */
  span: TraceSpan | undefined;

  constructor(call: RpcCall) {
    this.call = call;
  }

  /** Whether the call comes from within the server, as a TL object in place of bytes. */
  get isDirect(): boolean {
    return this.call.body.length === 0;
  }
}
