// Hints about an authorisation that are neither of a log-out nor of a receiving session: what the notices for devices whose app is closed ask of it.

/** What has reached a device. acked: it has acknowledged everything that was sent to it; waiting: it has a connection, and has not acknowledged yet. */
export type Reach = 'acked' | 'waiting' | 'away';

/** How long a device may take to acknowledge, in seconds. One that takes longer counts as away: a phone that sleeps keeps its connection open, so an open connection is no proof that somebody reads. */
export const ACK_PATIENCE_S = 5;

/** Asks whoever has the receiving session of an authorisation what has reached it. */
export interface ReachQuestion {
  reason: 'reach';
  /** The topic on which the answer is awaited. */
  replyTo: string;
  asked: string;
}

export interface ReachAnswer {
  asked: string;
  reach: Reach;
}

/** Wakes one session of an authorisation, which then gets `updatesTooLong`. */
export interface WakeHint {
  reason: 'wake';
  sessionId: bigint;
}

/** Whether a hint about an authorisation asks what has reached its device. */
export function isReachQuestion(hint: unknown): hint is ReachQuestion {
  return typeof hint === 'object' && hint !== null && 'reason' in hint && hint.reason === 'reach';
}

/** Whether a hint about an authorisation is to wake one of its sessions. */
export function isWakeHint(hint: unknown): hint is WakeHint {
  return typeof hint === 'object' && hint !== null && 'reason' in hint && hint.reason === 'wake';
}
