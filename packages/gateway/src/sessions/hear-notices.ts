import { ACK_PATIENCE_S, type Bus, isReachQuestion, isWakeHint, type Reach, type ReachAnswer } from '@aerogram/bus';
import type { Clock } from '@aerogram/runtime';
import { encode } from '@aerogram/tl';
import type { Authorization } from './gateway-session.ts';

/** Encoded once: the bytes are the same in every layer. */
export const UPDATES_TOO_LONG = encode({ _: 'updatesTooLong' });

/** Does what the notices ask of an authorisation: says what has reached its device, or wakes one of its sessions. @returns whether the hint was one of these */
export function hearNotices(authorization: Authorization, hint: unknown, deps: { bus: Bus; clock: Clock }): boolean {
  if (isWakeHint(hint)) {
    wakeSession(authorization, hint.sessionId);
    return true;
  }
  if (!isReachQuestion(hint)) return false;
  const { attached } = authorization;
  // Another process has the session that receives the updates, or nobody has.
  if (attached) deps.bus.publish(hint.replyTo, { asked: hint.asked, reach: reachOf(attached.session, deps.clock.nowMs()) } satisfies ReachAnswer);
  return true;
}

function reachOf({ connected, mtproto }: NonNullable<Authorization['attached']>['session'], nowMs: number): Reach {
  const { unacknowledgedSinceS: sinceS, currentLink: link } = mtproto;
  if (!connected || link === undefined || nowMs / 1000 - sinceS > ACK_PATIENCE_S) return 'away';
  return sinceS === Infinity && !mtproto.hasOutgoing(link, nowMs) ? 'acked' : 'waiting';
}

/** Sends `updatesTooLong` to one session, whatever it is used for: its app waits for nothing else there, and then wakes up (token type 7). */
function wakeSession(authorization: Authorization, sessionId: bigint): void {
  for (const session of authorization.sessions.keys()) {
    if (session.sessionId === sessionId && session !== authorization.receiver) session.push(UPDATES_TOO_LONG);
  }
}
