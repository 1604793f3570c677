import type { SessionLink } from '@aerogram/mtproto';
import type { CloseReason } from './close-reason.ts';
import type { CpuBudget } from './cpu-budget.ts';

/** Carries the packets of sessions to a client: a stream connection or an HTTP request. @typeParam S the sessions */
export interface CarrierOf<S> {
  /** Address of the client. */
  readonly remoteAddress: string;
  /** Address and port that the client connected to. */
  readonly localAddress: string;
  readonly localPort: number;
  /** See `ClientAddress`. */
  readonly isForwarded?: boolean | undefined;
  /** The session's link over this carrier, created on first use. */
  linkOf(session: S): SessionLink;
  /**
   * The link for the answer to a packet that contains nothing new, if the session's own link is shared by several HTTP requests. Undefined
   * if the link belongs to this carrier alone.
   */
  readonly aside: SessionLink | undefined;
  /**
   * Reports that a session has something to send. The carrier sends it soon, together with everything else queued in this turn of the event
   * loop.
   */
  notify(session: S): void;
  /** Sends one encrypted packet that belongs to no session. */
  sendLoose(packet: Uint8Array): void;
  /** The CPU budget of the connection (see `Scheduler`). Undefined where other limits apply. */
  readonly budget: CpuBudget | undefined;
  /** Reports that a request of this many bytes began (+1) or was answered (−1). Too many open requests pause reading. */
  countRequest(change: 1 | -1, bytes: number): void;
  /** Handles `ping_delay_disconnect`. */
  disconnectAfter(delayMs: number): void;
  /** Handles `http_wait`; ignored by streams. */
  httpWait(wait: HttpWait): void;
  /** Sends what is queued, then closes: the key no longer exists, or another process serves it. */
  finish(reason: CloseReason): void;
  /** Reports that a session has ended. The carrier may still serve other sessions. */
  forget(session: S): void;
  /** Another node serves the session's key from now on: sends what is queued and forgets the session. The client's connection stays. */
  part(session: S): void;
}

/** How long an HTTP request may wait for messages, in milliseconds. */
export interface HttpWait {
  /** `max_delay`: at most this long after the first message. */
  maxDelayMs: number;
  /** `wait_after`: this long after the last message. */
  waitAfterMs: number;
  /** `max_wait`: at most this long while there is no message. */
  maxWaitMs: number;
}
