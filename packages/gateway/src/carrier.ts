import type { SessionLink } from '@aerogram/mtproto';
import type { CloseReason } from './close-reason.ts';
import type { CpuShare } from './cpu-share.ts';

/** What carries the packets of sessions to a client: a stream connection, or an HTTP request. @typeParam S the sessions */
export interface CarrierOf<S> {
  /** Where the client is. */
  readonly remoteAddress: string;
  /** What the client connected to. */
  readonly localAddress: string;
  readonly localPort: number;
  /** The session's link over this carrier; made when it is first asked for. */
  linkOf(session: S): SessionLink;
  /**
   * Takes what is said to a packet that brings nothing new, where the session's link is shared with other packets that wait for
   * an answer. Absent where the link is the carrier's own.
   */
  readonly aside: SessionLink | undefined;
  /** Something waits for a session: the carrier sends it soon, with what else comes in this turn of the event loop. */
  notify(session: S): void;
  /** Sends one encrypted packet that belongs to no session. */
  sendLoose(packet: Uint8Array): void;
  /** The time that what comes over it may cost before it is put off (`Turns`); absent where other bounds hold. */
  readonly share: CpuShare | undefined;
  /** A request of so many bytes began (+1) or was answered (−1): too many stop the carrier's reading. */
  countRequest(change: 1 | -1, bytes: number): void;
  /** `ping_delay_disconnect`. */
  disconnectAfter(delayMs: number): void;
  /** `http_wait`; meaningless on streams. */
  httpWait(wait: HttpWait): void;
  /** Sends at once what waits, then closes: the session's key is no more, or served elsewhere. */
  finish(reason: CloseReason): void;
  /** The session has ended; the carrier may carry others. */
  forget(session: S): void;
}

/** How long an HTTP request may wait for messages, in milliseconds. */
export interface HttpWait {
  /** At most so long after the first message. */
  maxDelayMs: number;
  /** So long after the last message. */
  waitAfterMs: number;
  /** At most so long when there is no message. */
  maxWaitMs: number;
}
