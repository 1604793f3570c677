import { markPeer, unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { type GivenEmoji, isReactionEverywhere, keyOfReaction } from '../documents/index.ts';
import { type Boxes, type BoxWriter, hasFlag, MessageFlag, type MessageRow, type Origin, packMessageExtra, unpackMessageExtra } from '../events/index.ts';
import {
  type DialogDeps,
  findCopies,
  findMessage,
  findMessages,
  listUnread,
  othersOf,
  projectReactions,
  saveReactions,
  saveTags,
  saveUses,
  writeDialog,
} from '../messages/index.ts';
import { ownReactions } from './own-reactions.ts';
import { tellReaction } from './reaction-effect.ts';
import { tellBot } from './tell-bot-of-reaction.ts';

/** Maximum number of messages whose reactions one call marks as read; the client calls again while `offset` is not 0. */
const SLICE = 500;

export interface ReactionInput {
  ownerId: bigint;
  /** The other user; in Saved Messages the owner. */
  peerId: bigint;
  msgId: number;
  /** In the chosen order, without duplicates; an empty list removes the owner's reactions. */
  reactions: readonly GivenEmoji[];
  big: boolean;
  addsToRecent: boolean;
  origin: Origin | undefined;
}

export interface ReactionsRead {
  pts: number;
  /** Not 0 if messages remain and the client must call again. */
  offset: number;
}

/**
 * Replaces the owner's reactions to a message of a private chat, in both copies of it. In the author's copy they are marked unread. A repeat changes nothing
 * and sends no update.
 * @returns the owner's copy
 * @throws RpcError 400 MESSAGE_ID_INVALID, REACTION_INVALID (the other person is of another data centre, which does not have a custom emoji)
 */
export function doReact(deps: DialogDeps, reacting: ReactionInput): Promise<MessageRow> {
  const { ownerId, peerId, origin } = reacting;
  return writeDialog(deps, { name: 'react', elsewhere: 'told' }, reacting, async ({ tx, boxes, date, places, elsewhere }) => {
    if (elsewhere !== undefined && !reacting.reactions.every(isReactionEverywhere)) throw rpcError('REACTION_INVALID');
    const own = await findMessage(tx.q, ownerId, reacting.msgId);
    if (own === undefined || own.peer_id !== peerId || hasFlag(own, MessageFlag.service)) throw rpcError('MESSAGE_ID_INVALID');
    const copies = [own, ...(await findCopies(tx.q, othersOf(places), [own.global_id]))];
    const changed = copies.flatMap((row) => reactTo(row, reacting, date) ?? []);
    await saveReactions(tx, changed);
    for (const row of changed) {
      logReactions(boxes, row, date, row.owner_id === ownerId ? origin : undefined);
      await tellBot({ tx, boxes, date }, { before: copies.find((one) => one.owner_id === row.owner_id)!, after: row }, ownerId);
    }
    const row = changed.find(({ owner_id }) => owner_id === ownerId) ?? own;
    if (row !== own) {
      const keys = keysOf(reacting.reactions);
      if (elsewhere !== undefined) tellReaction(boxes, elsewhere, { from: ownerId, date, globalId: own.global_id, emoticons: keys, big: reacting.big });
      const had = keysOf(ownReactions(own, ownerId).map(({ reaction }) => reaction));
      const added = keys.filter((key) => !had.includes(key));
      await saveUses(tx, added.map((emoticon) => ({ ownerId, emoticon, recentDate: reacting.addsToRecent ? date : undefined })));
      if (peerId === ownerId) await saveTags(tx, row, keys);
      if (reacting.addsToRecent && added.length > 0) boxes.addUpdate(ownerId, { ptsCount: 0, date, origin }, () => ({ _: 'updateRecentReactions' }));
    }
    return row;
  });
}

/** Marks reactions as seen by the owner, either in a whole dialog or on certain messages. */
export function doReadReactions(
  deps: Pick<BoxWriter, 'writeBoxes'>,
  reading: { ownerId: bigint; of: { peerId: bigint } | { msgIds: readonly number[] }; origin: Origin | undefined },
): Promise<ReactionsRead> {
  const { ownerId, of, origin } = reading;
  return deps.writeBoxes('read-reactions', [ownerId], async (tx, boxes, date) => {
    const unread = 'msgIds' in of ? of.msgIds : await listUnread(tx.q, 'unread_reactions', { owner: ownerId, peerId: of.peerId, limit: SLICE + 1 });
    for (const row of (await findMessages(tx.q, ownerId, unread.slice(0, SLICE))).values()) {
      if (!hasFlag(row, MessageFlag.unreadReactions)) continue;
      const seen = (unpackMessageExtra(row.extra).reactions ?? []).map((one) => ({ ...one, unread: undefined }));
      const written = putReactions(row, seen);
      await saveReactions(tx, [written]);
      logReactions(boxes, written, date, origin);
    }
    return { pts: boxes.pts(ownerId), offset: unread.length > SLICE ? 1 : 0 };
  });
}

const keysOf = (reactions: readonly tl.Reaction[]): string[] => reactions.map(keyOfReaction);

/** A copy with the reactions of one person changed; undefined where they are so already. Pure. */
export function reactTo(row: MessageRow, { ownerId: reactorId, reactions, big }: Pick<ReactionInput, 'ownerId' | 'reactions' | 'big'>, date: number): MessageRow | undefined {
  const own = ownReactions(row, reactorId);
  const [before, wanted] = [keysOf(own.map(({ reaction }) => reaction)), keysOf(reactions)];
  if (before.length === wanted.length && before.every((key, index) => key === wanted[index])) return undefined;
  const others = (unpackMessageExtra(row.extra).reactions ?? []).filter((one) => markPeer(one.peer_id) !== reactorId);
  const isNews = row.owner_id !== reactorId && hasFlag(row, MessageFlag.out);
  const chosen = reactions.map((reaction): tl.messagePeerReaction => {
    const kept = own[before.indexOf(keyOfReaction(reaction))];
    return kept ?? { _: 'messagePeerReaction', big: big ? true : undefined, unread: isNews ? true : undefined, peer_id: unmarkPeer(reactorId), date, reaction };
  });
  return putReactions(row, [...others, ...chosen]);
}

/** A copy with these reactions in the place of all it had. Pure. */
function putReactions(row: MessageRow, reactions: tl.messagePeerReaction[]): MessageRow {
  const unread = reactions.some((one) => one.unread === true) ? MessageFlag.unreadReactions : 0;
  return {
    ...row,
    flags: (row.flags & ~MessageFlag.unreadReactions) | unread,
    extra: packMessageExtra({ ...unpackMessageExtra(row.extra), reactions }),
  };
}

/** Tells the devices of a copy's owner of the reactions to it. */
export function logReactions(boxes: Boxes, row: MessageRow, date: number, origin: Origin | undefined): void {
  boxes.addUpdate(row.owner_id, { ptsCount: 0, date, origin }, () => projectReactionsUpdate(row));
}

/** The update with the reactions of a message. Pure. */
export function projectReactionsUpdate(row: MessageRow): tl.updateMessageReactions {
  return {
    _: 'updateMessageReactions',
    peer: unmarkPeer(row.peer_id),
    msg_id: row.msg_id,
    reactions: projectReactions(row.owner_id, unpackMessageExtra(row.extra).reactions ?? [], row.peer_id === row.owner_id),
  };
}
