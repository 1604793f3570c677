import type { CloseReason } from '../close-reason.ts';
import type { ConnectionLimits } from '../gateway-services.ts';

/** When things happened on a connection, by `monotonicMs`, which no correction of the clock moves, and which limits that passes. */
export class ConnectionTimes {
  readonly openedMs: number;
  receivedMs: number;
  /** A packet has begun and not ended. */
  partialSinceMs: number | undefined;
  /** The client does not read what waits for it. */
  congestedSinceMs: number | undefined;
  /** `ping_delay_disconnect`. */
  disconnectAtMs = Infinity;

  constructor(nowMs: number) {
    this.openedMs = nowMs;
    this.receivedMs = nowMs;
  }

  /** @param key how far the client is with a key: it has not named one, it has named one or makes one, or something new came under one. @returns why the connection is to be closed now, if it is */
  overdue(nowMs: number, limits: ConnectionLimits, key: 'none' | 'named' | 'used'): CloseReason | undefined {
    if (nowMs >= this.disconnectAtMs) return 'ping-timeout';
    if (nowMs - this.receivedMs >= limits.idleTimeoutMs) return 'idle';
    if (key !== 'used' && nowMs - this.openedMs >= (key === 'none' ? limits.firstPacketMs : limits.firstKeyMs)) return 'too-slow';
    if (this.partialSinceMs !== undefined && nowMs - this.partialSinceMs >= limits.packetMs) return 'too-slow';
    if (this.congestedSinceMs !== undefined && nowMs - this.congestedSinceMs >= limits.congestedMs) return 'slow-consumer';
    return undefined;
  }
}
