import { rpcError } from '@aerogram/errors';
import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedPeer } from '../access/index.ts';
import { findDialogs, PROTECTED_BY } from '../dialogs/index.ts';
import { type Boxes, hasFlag, MessageFlag, type MessageRow, type Origin, packMessageExtra, unpackMessageExtra } from '../events/index.ts';
import { addNotice, type ArrivalPlace, findBarrier, findCopy, findMessage, type MessagingDeps, placesOf, updateMessage } from '../messages/index.ts';

/** How long a request may be answered; clients count from its date (`no_forwards_request_expire_period`). */
const REQUEST_LIFE_S = 86_400;

/** What somebody wants of a chat. */
export interface Protecting {
  ownerId: bigint;
  enabled: boolean;
  /** The request of the other side that this answers: `enabled` false grants it. */
  requestId: number | undefined;
  origin: Origin | undefined;
}

/** What it came to in the caller's box. */
export interface Protected {
  /** What is said of it in the chat. */
  notice: MessageRow;
  /** The request, which cannot be answered again. */
  answered: { row: MessageRow; pts: number } | undefined;
}

/** Chats out of which nothing may be forwarded or copied. */
export interface Protection {
  /**
   * Protects a chat, or ends that. Whoever protected it alone may end it; what the other side protects, one asks to end.
   * @throws RpcError PEER_ID_INVALID (Saved Messages, service chats), YOU_BLOCKED_USER, CHAT_NOT_MODIFIED, MSG_ID_INVALID,
   * REQUEST_MSG_EXPIRED
   * @see https://core.telegram.org/api/content-protection
   */
  doToggle(peer: ResolvedPeer, protecting: Protecting): Promise<Protected>;
}

const saveProtected = defineStatement(
  'save_protected',
  `INSERT INTO dialogs (owner_id, peer_id, protected_by) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::smallint[])
   ON CONFLICT (owner_id, peer_id) DO UPDATE SET protected_by = EXCLUDED.protected_by`,
);

/** Makes the subject of protection. */
export function createProtection(deps: MessagingDeps): Protection {
  const { random } = deps;
  return {
    async doToggle(peer, { ownerId, enabled, requestId, origin }) {
      const { refusal, withheld } = await findBarrier(deps.users, ownerId, peer);
      if (refusal) throw refusal;
      const places = placesOf(ownerId, peer.peerId, withheld);
      if (places.length === 0) throw rpcError('PEER_ID_INVALID');
      return deps.writeBoxes('toggle-protection', places.map((place) => place.ownerId), async (tx, boxes, date) => {
        const by = (await findDialogs(tx.q, ownerId, [peer.peerId]))[0]?.protected_by ?? 0;
        const request = requestId === undefined ? undefined : await accessRequest(tx, ownerId, peer.peerId, requestId, date);
        if (request === undefined && (enabled ? (by & PROTECTED_BY.owner) !== 0 : by === 0)) throw rpcError('CHAT_NOT_MODIFIED');

        const isAsking = request === undefined && !enabled && (by & PROTECTED_BY.peer) !== 0;
        if (request === undefined && enabled) await save(tx, places, by | PROTECTED_BY.owner);
        if (!enabled && !isAsking) await save(tx, places, 0);
        const answered = request && (await closeRequest(tx, boxes, request, places, date, origin));
        const values = { prev_value: by !== 0, new_value: enabled };
        const action: tl.MessageAction = isAsking ? { _: 'messageActionNoForwardsRequest', ...values } : { _: 'messageActionNoForwardsToggle', ...values };
        const replyTo = answered && new Map(answered.copies.map((row) => [row.owner_id, row.msg_id]));
        const notice = await addNotice(tx, boxes, random, { authorId: ownerId, places, extra: packMessageExtra({ action }), replyTo, expires: true, origin }, date);
        return { notice, answered };
      });
    },
  };
}

/** Writes who protects a chat, as the first place's owner sees it, for all places. */
async function save(tx: Tx, places: readonly ArrivalPlace[], by: number): Promise<void> {
  const mirrored = ((by & PROTECTED_BY.owner) === 0 ? 0 : PROTECTED_BY.peer) | ((by & PROTECTED_BY.peer) === 0 ? 0 : PROTECTED_BY.owner);
  await tx.run(saveProtected, [
    places.map(({ ownerId }) => ownerId),
    places.map(({ peerId }) => peerId),
    places.map(({ isOwn }) => (isOwn ? by : mirrored)),
  ]);
}

/** A request of the other side that waits for an answer. */
async function accessRequest(tx: Tx, ownerId: bigint, peerId: bigint, requestId: number, date: number): Promise<MessageRow> {
  const row = await findMessage(tx.q, ownerId, requestId);
  const action = row && unpackMessageExtra(row.extra).action;
  if (row?.peer_id !== peerId || hasFlag(row, MessageFlag.out) || action?._ !== 'messageActionNoForwardsRequest') throw rpcError('MSG_ID_INVALID');
  if (action.expired === true || row.date + REQUEST_LIFE_S <= date) throw rpcError('REQUEST_MSG_EXPIRED');
  return row;
}

/** Marks a request as answered, in both boxes. */
async function closeRequest(
  tx: Tx,
  boxes: Boxes,
  request: MessageRow,
  places: readonly ArrivalPlace[],
  date: number,
  origin: Origin | undefined,
): Promise<{ row: MessageRow; pts: number; copies: MessageRow[] }> {
  const other = places.find((place) => !place.isOwn);
  const copy = other && (await findCopy(tx.q, other.ownerId, request.global_id));
  const copies = [request, ...(copy ? [copy] : [])].map((row) => {
    const extra = unpackMessageExtra(row.extra);
    const action = { ...extra.action, expired: true } as tl.messageActionNoForwardsRequest;
    return { ...row, extra: packMessageExtra({ ...extra, action }) };
  });
  const pts = copies.map((row) => boxes.addEdit(row.owner_id, row, date, row.owner_id === request.owner_id ? origin : undefined));
  for (const row of copies) await updateMessage(tx, row);
  return { row: copies[0]!, pts: pts[0]!, copies };
}
