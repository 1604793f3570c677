import { isMarkedChat, unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { checkRight, findChannelMembers, findChannelRows, mayDo, type Standing, standingIn } from '../chats/index.ts';
import { type DialogLoss, listPinned, projectPinned, projectSavedPinned, subtractFromDialog } from '../dialogs/index.ts';
import { type Boxes, type BoxWriter, type FoundOwners, hasFlag, MessageFlag, type MessageRow, type OpenBoxes, type Origin, type SubjectDeps } from '../events/index.ts';
import { groupBy } from '../shared/index.ts';
import { tellDeleted } from './delete-effect.ts';
import { dropReactions, orderReactionCheck } from './drop-reactions-store.ts';
import { findMessages } from './find-messages.ts';
import { removeCopies, type RemovedMessage, removeMessages } from './message-store.ts';
import { savePins } from './pin-store.ts';
import { findElsewhere, findInChat, findPlaces, othersOf, ownersOfPlaces, type Place, placesOf } from './places.ts';
import { dropEmptySavedPins, listSavedPins } from './saved-pin-store.ts';
import { dropTags } from './tag-store.ts';
import { isUnreadMention } from './unread-mention.ts';
import { dropUnread } from './unread-store.ts';

/** The caller's box after a deletion, for the `affected*` answers. */
export interface Affected {
  pts: number;
  /** Number of rows actually deleted or events actually written. */
  ptsCount: number;
}

export interface Deletion {
  ownerId: bigint;
  msgIds: readonly number[];
  /** Also delete the copies in the other side's box. */
  revoke: boolean;
  origin: Origin | undefined;
}

/**
 * Deletes messages of a box, and with `revoke` their copies in other boxes. Ids that do not exist are skipped, so a repeat deletes nothing
 * and returns `ptsCount` 0.
 */
export function doDeleteMessages(deps: DeleteDeps, deletion: Deletion): Promise<Affected> {
  const { ownerId, msgIds, revoke, origin } = deletion;
  const { homes } = deps;
  const owners: FoundOwners<Shared> = {
    find: async (tx) => (revoke ? findShared(tx, homes, ownerId, [...(await findMessages(tx.q, ownerId, msgIds)).values()]) : { rows: [], places: new Map() }),
    ownersOf: ({ places }) => [ownerId, ...[...places].flatMap(([peerId, ofDialog]) => ownersOfPlaces(peerId, ofDialog))],
    operationsOf: ({ places }) => [...places].map(([peerId, ofDialog]) => ({ name: isMarkedChat(peerId) ? 'delete-group-messages' : 'delete-messages', owners: ownersOfPlaces(peerId, ofDialog) })),
  };
  return deps.writeFoundBoxes('delete-messages', owners, async (tx, boxes, date, shared) => {
    await checkDeletable(tx, ownerId, shared.rows, date);
    const removed = await removeMessages(tx, ownerId, msgIds);
    const ptsCount = await removeAndLog(tx, boxes, { ownerId, removed, places: shared.places, keepsDialog: false, origin, date });
    if (revoke && homes !== undefined) tellDeleted(boxes, removed, { from: ownerId, date });
    return { pts: boxes.pts(ownerId), ptsCount };
  });
}

/** What deletions need. */
export type DeleteDeps = Pick<BoxWriter, 'writeFoundBoxes'> & Pick<SubjectDeps, 'homes'>;

/** Messages of the owner's box that are to be deleted, and the places of their dialogs that are here. */
interface Shared {
  rows: readonly MessageRow[];
  /** By marked peer of the dialog. */
  places: Map<bigint, Place[]>;
}

async function findShared(tx: Tx, homes: DeleteDeps['homes'], ownerId: bigint, rows: readonly MessageRow[]): Promise<Shared> {
  const places = new Map<bigint, Place[]>();
  for (const peerId of new Set(rows.map((row) => row.peer_id))) {
    places.set(peerId, findElsewhere(homes, peerId) === undefined ? await findPlaces(tx, ownerId, peerId) : placesOf(ownerId, peerId, true));
  }
  return { rows, places };
}

/**
 * Checks that somebody may delete messages for everyone: in a basic group what others wrote is deleted only by admins. Where it became a supergroup, the same
 * people may do that as long as they are members, or admins who may delete, of the supergroup, too.
 * @throws RpcError CHAT_WRITE_FORBIDDEN (no member any more), MESSAGE_DELETE_FORBIDDEN
 */
async function checkDeletable(tx: Tx, ownerId: bigint, rows: readonly MessageRow[], date: number): Promise<void> {
  const byChat = groupBy(rows.filter((row) => isMarkedChat(row.peer_id)), (row) => row.peer_id);
  for (const [peerId, ofChat] of byChat) {
    const isOwn = ofChat.every((row) => row.from_id === ownerId && !hasFlag(row, MessageFlag.service));
    // Every member may delete their own messages, so they only need to be a member still, as for viewing the others.
    const action = isOwn ? 'view_members' : 'delete_messages';
    const { chat, member } = await findInChat(tx, { ownerId, peerId });
    const standing = standingIn(chat, member, date);
    if (chat.migrated_to === null) {
      checkRight(standing, action);
      continue;
    }
    checkRight({ ...standing, closed: false, migrated: false }, action);
    const after = await findStandingAfter(tx, { ownerId, channelId: chat.migrated_to }, date);
    if (after?.status !== 'member' || !mayDo(after, isOwn ? 'view_messages' : action)) throw rpcError('MESSAGE_DELETE_FORBIDDEN');
  }
}

/** What decides what somebody may do in the supergroup that a basic group became. */
async function findStandingAfter(tx: Tx, { ownerId, channelId: id }: { ownerId: bigint; channelId: bigint }, date: number): Promise<Standing | undefined> {
  const [[channel], [member]] = await Promise.all([findChannelRows(tx, [id]), findChannelMembers(tx, [{ id, userId: ownerId }])]);
  return channel && standingIn(channel, member, date);
}

/** Messages that have just been deleted from the owner's box. */
export interface Removal {
  ownerId: bigint;
  removed: readonly RemovedMessage[];
  /** By dialog: who else loses the messages. Of dialogs that are not in it, only the owner's box changes. */
  places: ReadonlyMap<bigint, readonly Place[]>;
  /** The other members of basic groups lose the messages by changes of their own. */
  isEverywhere?: boolean;
  /** Leave the owner's dialog row as it is even if it is now empty, because the same transaction adds a message to it. */
  keepsDialog: boolean;
  origin: Origin | undefined;
  date: number;
}

/**
 * Updates dialogs and the update log after `removed` was deleted from the owner's box, and deletes the copies in the other `places`, whose
 * boxes must be open.
 * @returns the owner's pts_count
 */
export async function removeAndLog(
  tx: Tx,
  boxes: Boxes,
  change: Removal,
): Promise<number> {
  const { ownerId, removed, origin, date } = change;
  if (removed.length === 0) return 0;
  await logRemoved({ tx, boxes, date }, ownerId, removed, { origin, keepsDialog: change.keepsDialog });
  const wanted = removed.flatMap(({ peer_id: peerId, global_id: globalId }) => othersOf(change.places.get(peerId) ?? []).map((owner) => ({ owner, globalId })));
  const copies = wanted.length === 0 ? [] : await removeCopies(tx, wanted);
  for (const [peer, rows] of groupBy(copies, (row) => row.owner_id)) {
    await logRemoved({ tx, boxes, date }, peer, rows, { origin: undefined, keepsDialog: false });
  }
  for (const [peerId, rows] of groupBy(removed, (row) => row.peer_id)) {
    if (!isMarkedChat(peerId)) continue;
    // Only after all copies are gone nobody can react any more.
    const isGone = change.isEverywhere === true || change.places.has(peerId);
    await (isGone ? dropReactions : orderReactionCheck)(tx, peerId, rows.map((row) => row.global_id));
  }
  return removed.length;
}

async function logRemoved(
  { tx, boxes, date }: OpenBoxes,
  owner: bigint,
  removed: readonly RemovedMessage[],
  { origin, keepsDialog }: Pick<Removal, 'origin' | 'keepsDialog'>,
): Promise<void> {
  const messages = removed.map((row) => row.msg_id).toSorted((a, b) => a - b);
  boxes.addUpdate(owner, { ptsCount: messages.length, date, origin }, (pts) => ({
    _: 'updateDeleteMessages',
    messages,
    pts,
    pts_count: messages.length,
  }));
  for (const [peerId, rows] of groupBy(removed, (row) => row.peer_id)) {
    const pinned = rows.filter((row) => hasFlag(row, MessageFlag.pinned));
    if (pinned.length > 0) await savePins(tx, pinned, false);
    await dropUnread(tx, 'unread_reactions', rows.filter((row) => isMarkedChat(peerId) || hasFlag(row, MessageFlag.unreadReactions)));
    await dropUnread(tx, 'unread_mentions', rows.filter(isUnreadMention));
    await dropUnread(tx, 'unread_poll_votes', rows.filter((row) => row.has_extra));
    if (peerId === owner) await logSavedLoss({ tx, boxes, date }, owner, rows);
    const loss = await subtractFromDialog(tx, owner, peerId, { removed: rows.length, keepsDialog });
    if (loss) await logLoss({ tx, boxes, date }, owner, peerId, loss);
  }
}

/** Deletes the tags of deleted messages and unpins saved dialogs that have no messages left. Sends the unpinning to all devices. */
async function logSavedLoss({ tx, boxes, date }: OpenBoxes, owner: bigint, removed: readonly RemovedMessage[]): Promise<void> {
  await dropTags(tx, owner, removed.map((row) => row.msg_id));
  const unpinned = await dropEmptySavedPins(tx, owner);
  if (unpinned.length === 0) return;
  const order = await listSavedPins(tx.q, owner);
  for (const peerId of unpinned) boxes.addLoose(owner, date, undefined, projectSavedPinned(peerId, false, order));
}

/** The updates go to all devices including the caller's, because the answer to a deletion does not mention dialog pins and unread marks. */
async function logLoss({ tx, boxes, date }: OpenBoxes, owner: bigint, peerId: bigint, loss: DialogLoss): Promise<void> {
  const peer: tl.dialogPeer = { _: 'dialogPeer', peer: unmarkPeer(peerId) };
  if (loss.unpinned) {
    const order = (await listPinned(tx.q, owner, loss.folder_id)).map((row) => row.peer_id);
    boxes.addLoose(owner, date, undefined, projectPinned(loss.folder_id, peerId, false, order));
  }
  if (loss.unmarked) boxes.addUpdate(owner, { ptsCount: 0, date, origin: undefined }, () => ({ _: 'updateDialogUnreadMark', peer }));
}
