import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedUser } from '../access/index.ts';
import { findDialogs, PROTECTED_BY } from '../dialogs/index.ts';
import { hasFlag, MessageFlag, type MessageRow, type OpenBoxes, type Origin, packMessageExtra, unpackMessageExtra } from '../events/index.ts';
import { addNotice, findCopies, findMessage, type MessagingDeps, othersOf, type Place, updateMessages, writeDialog } from '../messages/index.ts';
import { otherBoxOf } from '../peers/index.ts';
import { saveProtectedBy } from './protection-store.ts';

/** Seconds for which a request can be answered, counted from its date; sent to clients as `no_forwards_request_expire_period`. */
const REQUEST_LIFE_S = 86_400;

/** A change of a chat's content protection. */
export interface ProtectionInput {
  ownerId: bigint;
  enabled: boolean;
  /** Message id of the other side's request that this call answers. With `enabled` false the request is granted. */
  requestId: number | undefined;
  origin: Origin | undefined;
}

/** The result in the caller's box. */
export interface Protected {
  /** The service message that announces the change. */
  notice: MessageRow;
  /** The answered request. It is marked as expired, so that it cannot be answered again. */
  answered: { row: MessageRow; pts: number } | undefined;
}

/** Content protection of chats: nothing in them can be forwarded or copied. */
export interface Protection {
  /**
   * Turns content protection of a chat on or off. A user can turn off protection that only this user turned on. If the other side turned it
   * on, the call sends a request to the other side instead.
   * @throws RpcError PEER_ID_INVALID (Saved Messages, service chats), INPUT_USER_DEACTIVATED, YOU_BLOCKED_USER, CHAT_NOT_MODIFIED,
   * MSG_ID_INVALID, REQUEST_MSG_EXPIRED, and as {@link SendLimits.check}
   * @see https://core.telegram.org/api/content-protection
   */
  doToggle(peer: ResolvedUser, protecting: ProtectionInput): Promise<Protected>;
}

/** Creates the operation on content protection. */
export function createProtection(deps: MessagingDeps): Protection {
  const { random } = deps;
  return {
    async doToggle(peer, { ownerId, enabled, requestId, origin }) {
      const { peerId } = peer;
      if (peer.row.deleted) throw rpcError('INPUT_USER_DEACTIVATED');
      if (otherBoxOf(ownerId, peerId) === undefined) throw rpcError('PEER_ID_INVALID');
      await deps.sendLimits.check(ownerId, peer, 1);
      return writeDialog(deps, { name: 'toggle-protection', refusals: ['YOU_BLOCKED_USER', 'USER_IS_BLOCKED'] }, { ownerId, peerId }, async ({ tx, boxes, date, places }) => {
        const by = (await findDialogs(tx.q, ownerId, [peerId]))[0]?.protected_by ?? 0;
        const request = requestId === undefined ? undefined : await accessRequest(tx, { ownerId, peerId }, requestId, date);
        if (request === undefined && (enabled ? (by & PROTECTED_BY.owner) !== 0 : by === 0)) throw rpcError('CHAT_NOT_MODIFIED');

        const isAsking = request === undefined && !enabled && (by & PROTECTED_BY.peer) !== 0;
        if (request === undefined && enabled) await saveProtectedBy(tx, places, by | PROTECTED_BY.owner);
        if (!enabled && !isAsking) await saveProtectedBy(tx, places, 0);
        const answered = request && (await closeRequest({ tx, boxes, date }, request, places, origin));
        const values = { prev_value: by !== 0, new_value: enabled };
        const action: tl.MessageAction = isAsking ? { _: 'messageActionNoForwardsRequest', ...values } : { _: 'messageActionNoForwardsToggle', ...values };
        const replyTo = answered && new Map(answered.copies.map((row) => [row.owner_id, row.msg_id]));
        const notice = await addNotice({ tx, boxes, date }, random, { authorId: ownerId, places, extra: packMessageExtra({ action }), replyTo, expires: true, origin });
        return { notice, answered };
      });
    },
  };
}

/** Finds a request of the other side that can still be answered. */
async function accessRequest(tx: Tx, { ownerId, peerId }: { ownerId: bigint; peerId: bigint }, requestId: number, date: number): Promise<MessageRow> {
  const row = await findMessage(tx.q, ownerId, requestId);
  const action = row && unpackMessageExtra(row.extra).action;
  if (row?.peer_id !== peerId || hasFlag(row, MessageFlag.out) || action?._ !== 'messageActionNoForwardsRequest') throw rpcError('MSG_ID_INVALID');
  if (action.expired === true || row.date + REQUEST_LIFE_S <= date) throw rpcError('REQUEST_MSG_EXPIRED');
  return row;
}

/** Marks a request as answered, in both boxes. */
async function closeRequest(
  { tx, boxes, date }: OpenBoxes,
  request: MessageRow,
  places: readonly Place[],
  origin: Origin | undefined,
): Promise<{ row: MessageRow; pts: number; copies: MessageRow[] }> {
  const copies = [request, ...(await findCopies(tx.q, othersOf(places), [request.global_id]))].map((row) => {
    const extra = unpackMessageExtra(row.extra);
    const action = { ...extra.action, expired: true } as tl.messageActionNoForwardsRequest;
    return { ...row, extra: packMessageExtra({ ...extra, action }) };
  });
  const pts = copies.map((row) => boxes.addEdit(row.owner_id, row, date, row.owner_id === request.owner_id ? origin : undefined));
  await updateMessages(tx, copies);
  return { row: copies[0]!, pts: pts[0]!, copies };
}
