import type { tl } from '@aerogram/tl';

import type { CallRelay } from '../shared/index.ts';
import { projectProtocol } from './call-protocol.ts';
import { projectReason } from './call-reason.ts';
import { projectRelays } from './call-relays.ts';
import { type CallRow, isInCall, stateOf } from './call-row.ts';

/** The relays that are named to both sides of a call. */
export interface CallRelays {
  relays: readonly CallRelay[];
  secret: string | undefined;
}

/**
 * A call as one device sees it now. Of a call that another device of the callee has answered, the others learn only that it is over for them: nothing else stops them from ringing.
 * @returns undefined if the device must not know of the call: another device of the caller
 */
export function projectCall(row: CallRow, authKeyId: bigint, relays: CallRelays): tl.PhoneCall | undefined {
  if (!isInCall(row, authKeyId)) return row.is_caller ? undefined : { _: 'phoneCallDiscarded', id: row.call_id, video: row.video || undefined };
  const video = row.video || undefined;
  const [admin_id, participant_id] = row.is_caller ? [row.owner_id, row.peer_id] : [row.peer_id, row.owner_id];
  const common = { id: row.call_id, access_hash: row.access_hash, date: row.date, admin_id, participant_id, protocol: projectProtocol(row), video };
  const waiting: tl.phoneCallWaiting = { _: 'phoneCallWaiting', ...common, receive_date: row.received_date ?? undefined };
  switch (stateOf(row)) {
    case 'ringing':
      return row.is_caller ? waiting : { _: 'phoneCallRequested', ...common, g_a_hash: row.g_a_hash };
    case 'accepted':
      return row.is_caller ? { _: 'phoneCallAccepted', ...common, g_b: row.g_b! } : waiting;
    case 'talking':
      return {
        _: 'phoneCall',
        ...common,
        p2p_allowed: row.p2p || undefined,
        g_a_or_b: row.is_caller ? row.g_b! : row.g_a!,
        key_fingerprint: row.fingerprint!,
        connections: projectRelays(relays.relays, relays.secret, { callId: row.call_id, startedDate: row.started_date! }),
        start_date: row.started_date!,
      };
    case 'ended':
      return { _: 'phoneCallDiscarded', id: row.call_id, video, reason: projectReason(row.reason), duration: row.duration ?? undefined };
  }
}
