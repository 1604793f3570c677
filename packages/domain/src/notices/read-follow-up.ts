import { isMarkedChannel, isMarkedUser, unmarkPeer } from '@aerogram/cluster';

import { listAt } from '../search/index.ts';
import { CALL_MSG_ID, findRinging, withdrawCallNotice } from './call-notice.ts';
import { listChatFacts, type DeviceNotice } from './notice-store.ts';
import { readNotice, type ReadNotice, type ReadNoticeDeps } from './read-notice.ts';
import { CALL_BACK_MAX_S } from './sent-notice-store.ts';
import type { NoticePayload } from './write-notice.ts';

/** What a device is told of a message of which it was told before. */
export type FollowUp =
  /** It was read or deleted: the app takes its notification away. */
  | { kind: 'withdrawn'; payload: NoticePayload }
  | { kind: 'edited'; notice: ReadNotice }
  /** Nothing has happened to it. */
  | { kind: 'unchanged' }
  | { kind: 'expired' };

/** Reads what has become of a message of which a device was told. @param sentDate when it was told */
export async function readFollowUp(deps: ReadNoticeDeps, notice: DeviceNotice, { sentDate, nowDate, isLocked }: { sentDate: number; nowDate: number; isLocked: boolean }): Promise<FollowUp> {
  if (nowDate >= sentDate + CALL_BACK_MAX_S) return { kind: 'expired' };
  const { owner_id: owner, peer_id: peer, msg_id: msgId } = notice;
  if (msgId === CALL_MSG_ID) return (await findRinging(deps, notice)) ? { kind: 'unchanged' } : { kind: 'withdrawn', payload: withdrawCallNotice(notice) };
  const [[row], [facts]] = await Promise.all([
    deps.db.readRepeatable('read-told-message', (reads) => listAt(reads, [{ owner: isMarkedChannel(peer) ? peer : owner, msgId }])),
    listChatFacts(deps.db, [{ owner, peer, scope: 'users' }]),
  ]);
  if (facts && msgId <= facts.read_max_id) return { kind: 'withdrawn', payload: withdraw(notice, 'READ_HISTORY', { max_id: String(facts.read_max_id) }) };
  if (!row) return { kind: 'withdrawn', payload: withdraw(notice, 'MESSAGE_DELETED', { messages: String(msgId) }) };
  if (row.edit_date === null || row.edit_date < sentDate) return { kind: 'unchanged' };
  const edited = await readNotice(deps, notice, { isLocked, nowDate });
  if (!edited) return { kind: 'expired' };
  for (const { custom } of [edited.payload, edited.short]) custom['edit_date'] = String(row.edit_date);
  return { kind: 'edited', notice: edited };
}

function withdraw({ owner_id: owner, peer_id: peer }: DeviceNotice, key: string, custom: Record<string, string>): NoticePayload {
  const place = unmarkPeer(peer);
  const where: Record<string, string> = isMarkedUser(peer) ? { from_id: String(peer) } : place._ === 'peerChannel' ? { channel_id: String(place.channel_id) } : { chat_id: String(-peer) };
  return { loc_key: key, loc_args: [], user_id: String(owner), custom: { ...where, ...custom }, title: '', description: '', mute: '1', random_id: '0' };
}
