import type { CloseReason } from '../close-reason.ts';
import type { ConnectionLimits } from '../gateway-services.ts';

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
  disconnectAtMs = Infinity;

  constructor(nowMs: number) {
    this.openedMs = nowMs;
    this.receivedMs = nowMs;
  }

  /**
   * @param key 'none' if the client has not named a key, 'named' if it has named or is creating one, 'used' once something new arrived
   * under one.
   * @returns the reason to close the connection now, if there is one
   */
  overdue(nowMs: number, limits: ConnectionLimits, key: 'none' | 'named' | 'used'): CloseReason | undefined {
    if (nowMs >= this.disconnectAtMs) return 'ping-timeout';
    if (nowMs - this.receivedMs >= limits.idleTimeoutMs) return 'idle';
    if (key !== 'used' && nowMs - this.openedMs >= (key === 'none' ? limits.firstPacketMs : limits.firstKeyMs)) return 'too-slow';
    if (this.partialSinceMs !== undefined && nowMs - this.partialSinceMs >= limits.packetMs) return 'too-slow';
    const slowSinceMs = this.congestedSinceMs ?? this.unreadSinceMs;
    if (slowSinceMs !== undefined && nowMs - slowSinceMs >= limits.congestedMs) return 'slow-consumer';
    return undefined;
  }
}
