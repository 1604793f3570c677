import type { CloseReason } from '../close-reason.ts';
import type { ConnectionLimits } from '../gateway-services.ts';

/**
 * A client that asks to be disconnected sooner after a ping is disconnected after this time, in milliseconds: some name a few seconds while a call runs, and
 * send their next ping a minute later. It is the delay in the protocol's own example.
 */
const MIN_DISCONNECT_DELAY_MS = 75_000;

/**
 * When things happened on a connection, by `monotonicMs`, which is unaffected by changes of the system clock, and which time limit is
 * exceeded.
 */
export class ConnectionTimes {
  readonly openedMs: number;
  receivedMs: number;
  /** Since when a packet is incomplete. */
  partialSinceMs: number | undefined;
  /** Since when the client does not read what is sent to it. */
  congestedSinceMs: number | undefined;
  /** Since when the client reads nothing although something long is sent to it. */
  unreadSinceMs: number | undefined;
  /** Set by `ping_delay_disconnect`. */
  #disconnectAtMs = Infinity;

  constructor(nowMs: number) {
    this.openedMs = nowMs;
    this.receivedMs = nowMs;
  }

  /** A ping arrived whose client wants the connection to end after this delay unless another one comes. */
  pinged(nowMs: number, delayMs: number): void {
    this.#disconnectAtMs = nowMs + Math.max(delayMs, MIN_DISCONNECT_DELAY_MS);
  }

  /** The session that asked for the end of the connection is over. */
  forgetPing(): void {
    this.#disconnectAtMs = Infinity;
  }

  /**
   * @param key 'none' if the client has not named a key, 'named' if it has named or is creating one, 'used' once something new arrived
   * under one.
   * @returns the reason to close the connection now, if there is one
   */
  overdue(nowMs: number, limits: ConnectionLimits, key: 'none' | 'named' | 'used'): CloseReason | undefined {
    if (nowMs >= this.#disconnectAtMs) return 'ping-timeout';
    if (nowMs - this.receivedMs >= limits.idleTimeoutMs) return 'idle';
    if (key !== 'used' && nowMs - this.openedMs >= (key === 'none' ? limits.firstPacketMs : limits.firstKeyMs)) return 'too-slow';
    if (this.partialSinceMs !== undefined && nowMs - this.partialSinceMs >= limits.packetMs) return 'too-slow';
    const slowSinceMs = this.congestedSinceMs ?? this.unreadSinceMs;
    if (slowSinceMs !== undefined && nowMs - slowSinceMs >= limits.congestedMs) return 'slow-consumer';
    return undefined;
  }
}
