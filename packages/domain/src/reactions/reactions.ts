import { isMarkedChat } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { ResolvedUser } from '../access/index.ts';
import { hasFlag, MessageFlag, type Origin, unpackMessageExtra } from '../events/index.ts';
import { accessReaction, accessReactionSet, customEmojiIn, DEFAULT_REACTION, findKnownEmoji, type GivenEmoji, keyOfReaction, KNOWN_REACTIONS } from '../documents/index.ts';
import {
  clearRecent,
  countUnread,
  findDefaultReaction,
  findMessages,
  listReactions,
  listRecent,
  listUsed,
  type MessagingDeps,
} from '../messages/index.ts';
import { saveChatSettings } from '../settings/index.ts';
import { doReact, doReadReactions, projectReactionsUpdate, type ReactionInput, type ReactionsRead } from './do-react.ts';

/** Maximum number of reactions by one person to one message, and of tags on one message in Saved Messages; sent to clients in help.getAppConfig (`reactions_user_max_default`). */
export const REACTIONS_OF_USER_MAX = 3;
/** Maximum number of reactions by one bot to one message. */
const OF_BOT_MAX = 1;

/** Operations on reactions to messages of private chats, and on the lists of reactions that are offered to people. Those of groups and channels: `post-reactions`. */
export interface Reactions {
  /**
   * Sets the owner's reactions to a message, or in Saved Messages its tags; an empty list removes them.
   * @returns the update that the owner's devices get
   * @throws RpcError as `doReact`, and 420 FLOOD_WAIT
   */
  doReact(peer: ResolvedUser, reacting: Omit<ReactionInput, 'peerId'>): Promise<tl.updateMessageReactions>;
  /** Marks all reactions in a dialog as seen, in slices. */
  doRead(ownerId: bigint, peerId: bigint, origin: Origin | undefined): Promise<ReactionsRead>;
  /** Marks the reactions to these messages, of any private chat, as seen, because viewing a message shows its reactions. */
  doReadContents(ownerId: bigint, msgIds: readonly number[], origin: Origin | undefined): Promise<void>;
  /** Returns the reactions of these messages of a dialog. Messages that do not exist are left out. */
  listUpdates(ownerId: bigint, peerId: bigint, msgIds: readonly number[]): Promise<tl.updateMessageReactions[]>;
  /**
   * Lists who reacted to a message, newest first.
   * @throws RpcError MESSAGE_ID_INVALID
   */
  listOf(ownerId: bigint, peerId: bigint, msgId: number, reaction: tl.Reaction | undefined): Promise<tl.messagePeerReaction[]>;
  countUnread(ownerId: bigint, peerId: bigint): Promise<number>;
  /** Lists the keys of the reactions to offer first: those that the owner used most, then the known emoji. */
  listTop(ownerId: bigint): Promise<string[]>;
  /** Lists the keys of the reactions that the owner used last. */
  listRecent(ownerId: bigint): Promise<string[]>;
  /** Returns the key of the owner's default reaction (double tap). */
  findDefault(ownerId: bigint): Promise<string>;
  /**
   * Sets the default reaction and tells the other devices to fetch their config again.
   * @throws RpcError REACTION_INVALID
   */
  doSetDefault(ownerId: bigint, reaction: tl.Reaction, origin: Origin | undefined): Promise<void>;
  doClearRecent(ownerId: bigint, origin: Origin | undefined): Promise<void>;
}

/** Creates the reaction operations. */
export function createReactions(deps: MessagingDeps): Reactions {
  const { db, writeBoxes } = deps;
  return {
    async doReact(peer, reacting) {
      await deps.sendLimits.checkChange(reacting.ownerId, peer);
      return projectReactionsUpdate(await doReact(deps, { ...reacting, peerId: peer.peerId }));
    },
    doRead: (ownerId, peerId, origin) => doReadReactions(deps, { ownerId, of: { peerId }, origin }),
    async doReadContents(ownerId, msgIds, origin) {
      const rows = [...(await findMessages(db.q, ownerId, msgIds)).values()];
      const unseen = rows.filter((row) => !isMarkedChat(row.peer_id) && hasFlag(row, MessageFlag.unreadReactions)).map((row) => row.msg_id);
      if (unseen.length > 0) await doReadReactions(deps, { ownerId, of: { msgIds: unseen }, origin });
    },
    async listUpdates(ownerId, peerId, msgIds) {
      const rows = await findMessages(db.q, ownerId, msgIds);
      return [...rows.values()].filter((row) => row.peer_id === peerId).map(projectReactionsUpdate);
    },
    async listOf(ownerId, peerId, msgId, reaction) {
      const row = (await findMessages(db.q, ownerId, [msgId])).get(msgId);
      if (row === undefined || row.peer_id !== peerId) throw rpcError('MESSAGE_ID_INVALID');
      const all = listReactions(ownerId, unpackMessageExtra(row.extra).reactions ?? []);
      return reaction === undefined ? all : all.filter((one) => keyOfReaction(one.reaction) === keyOfReaction(reaction));
    },
    async countUnread(ownerId, peerId) {
      return (await countUnread(db.q, 'unread_reactions', ownerId, [peerId])).get(peerId) ?? 0;
    },
    async listTop(ownerId) {
      const used = await listUsed(db.q, ownerId);
      return [...new Set([...used, ...KNOWN_REACTIONS])];
    },
    listRecent: (ownerId) => listRecent(db.q, ownerId),
    findDefault: async (ownerId) => (await findDefaultReaction(db.q, ownerId)) ?? DEFAULT_REACTION,
    async doSetDefault(ownerId, reaction, origin) {
      const key = keyOfReaction(accessReaction(reaction, await findKnownEmoji(db, customEmojiIn([reaction]))));
      await writeBoxes('set-default-reaction', [ownerId], async (tx, boxes, date) => {
        if ((await findDefaultReaction(tx.q, ownerId)) === key) return;
        await saveChatSettings(tx, ownerId, { default_reaction: key });
        boxes.addLoose(ownerId, date, origin, [{ _: 'updateConfig' }]);
      });
    },
    doClearRecent: (ownerId, origin) =>
      writeBoxes('clear-recent-reactions', [ownerId], async (tx, boxes, date) => {
        if (await clearRecent(tx, ownerId)) boxes.addLoose(ownerId, date, origin, [{ _: 'updateRecentReactions' }]);
      }),
  };
}

/**
 * Returns the reactions of one user to one message without duplicates, if the server has all of them.
 * @param who.known the custom emoji that the server has, of those that are named
 * @throws RpcError 400 REACTION_INVALID, REACTIONS_TOO_MANY
 */
export function accessReactions(reactions: readonly tl.Reaction[], { isBot, known }: { isBot: boolean; known: ReadonlySet<bigint> }): GivenEmoji[] {
  const wanted = reactions.filter((reaction) => reaction._ !== 'reactionEmpty');
  if (wanted.length > (isBot ? OF_BOT_MAX : REACTIONS_OF_USER_MAX)) throw rpcError('REACTIONS_TOO_MANY');
  return accessReactionSet(wanted, known);
}
