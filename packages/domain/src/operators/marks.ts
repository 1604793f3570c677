import { SERVICE_USER_IDS, unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { Channels } from '../channels/index.ts';
import type { SubjectDeps } from '../events/index.ts';
import { cleanLine, type MarkColumns } from '../peers/index.ts';
import type { Users } from '../users/index.ts';
import { saveUserMarks, type UserMarkColumns } from './marks-store.ts';
import { findAccountRefusal } from './operate-accounts.ts';
import type { MarkChange, Restriction } from './operator-command.ts';
import { doOrderCommand } from './order-command.ts';

/** Maximum length of the text that clients show instead of a restricted chat, in UTF-16 units. */
export const RESTRICTION_TEXT_MAX = 512;

/** The columns that a change sets. Pure. */
function columnsOf({ badge, restriction }: MarkChange): Partial<MarkColumns> {
  return {
    ...(badge !== undefined && { verified: badge === 'verified', scam: badge === 'scam', fake: badge === 'fake' }),
    ...(restriction !== undefined && { restriction_reason: restriction?.reason ?? null, restriction_text: restriction?.text ?? null }),
  };
}

/** The columns of a user that a change sets. Pure. */
function userColumnsOf(change: MarkChange): Partial<UserMarkColumns> {
  return { ...columnsOf(change), ...(change.support !== undefined && { gives_support: change.support }) };
}

/** The change in words, for the operator log. Pure. */
function describe({ badge, restriction, support }: MarkChange): string {
  const words = [
    ...(badge === undefined ? [] : [badge === 'none' ? 'without a badge' : `as ${badge}`]),
    ...(restriction === undefined ? [] : [restriction === null ? 'without a restriction' : `as restricted (${restriction.reason}): ${restriction.text}`]),
    ...(support === undefined ? [] : [support ? 'as support' : 'as support no longer']),
  ];
  return words.join(' and ');
}

/**
 * Orders a change of marks, which the running server or the next one carries out, and records it.
 * @param peer `id`: marked; `name`: for the log
 * @returns the id of the entry in the operator log, and the order in words
 * @throws Error in words if there is nothing to change, the reason is no word, the text is empty or too long, or the peer cannot be marked (as support: anybody but a person)
 */
export async function orderMark(db: Database, peer: { id: bigint; name: string }, change: MarkChange, nowDate: number): Promise<{ entryId: bigint; what: string }> {
  const marks: MarkChange = { ...change, restriction: change.restriction && checkedRestriction(change.restriction) };
  if (Object.keys(userColumnsOf(marks)).length === 0) throw new Error('say what to mark it as');
  if (SERVICE_USER_IDS.has(peer.id)) throw new Error(`${peer.name} belongs to the server itself`);
  if (peer.id < 0n && unmarkPeer(peer.id)._ !== 'peerChannel') throw new Error('basic groups have no marks; supergroups and channels have');
  const refusal = marks.support === undefined ? undefined : await findAccountRefusal(db, peer.id);
  if (refusal !== undefined) throw new Error(`${peer.name}: ${refusal}`);
  const what = `mark ${peer.name} ${describe(marks)}`;
  return { entryId: await doOrderCommand(db, { kind: 'mark', peerId: peer.id, marks }, what, nowDate), what };
}

function checkedRestriction({ reason, text }: Restriction): Restriction {
  if (!/^[a-z]{1,32}$/.test(reason)) throw new Error('the reason of a restriction is one word of small Latin letters, such as "terms"');
  const line = cleanLine(text);
  if (line === '' || line.length > RESTRICTION_TEXT_MAX) throw new Error(`a restriction has a text of 1 to ${RESTRICTION_TEXT_MAX} characters`);
  return { reason, text: line };
}

/** What carries out changes of marks. */
export interface MarkDeps extends Pick<SubjectDeps, 'writeBoxes' | 'cardTeller'> {
  channels: Pick<Channels, 'at'>;
  users: Pick<Users, 'userChanged' | 'showChange'>;
}

/**
 * Changes marks, and tells the devices of the user, and of those who look at the user or channel. A repeat changes nothing.
 * @param peerId marked
 * @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE, USER_ID_INVALID
 */
export async function doMark({ channels, users, writeBoxes, cardTeller }: MarkDeps, peerId: bigint, change: MarkChange): Promise<void> {
  const peer = unmarkPeer(peerId);
  if (peer._ === 'peerChannel') return channels.at(peer.channel_id).operator.doMark(columnsOf(change));
  const update: tl.updateUser = { _: 'updateUser', user_id: peerId };
  await writeBoxes('operator-mark-user', [peerId], async (tx, boxes, date) => {
    if (!(await saveUserMarks(tx, peerId, userColumnsOf(change)))) throw rpcError('USER_ID_INVALID');
    await cardTeller?.tell(tx, [peerId], boxes);
    // Registered before the update is published, which brings the user along.
    tx.afterCommit(() => users.userChanged(peerId));
    boxes.addLoose(peerId, date, undefined, [update]);
  });
  users.showChange(peerId, update);
}
