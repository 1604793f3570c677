import { isMarkedChannel, isMarkedChat } from '@aerogram/cluster';
import { RpcError, rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { accessPosts } from './channel-posts/index.ts';
import { listMessagesOfDocument } from './documents/index.ts';
import { findChannelMembers, findChatMembers, findChatRows, type Standing, standingIn } from './chats/index.ts';
import { channelIdOf, hasFlag, MessageFlag } from './events/index.ts';
import { chatIdOf, findMessage, findMessages, isBarred } from './messages/index.ts';
import type { PollReaders } from './polls/index.ts';

/** Among how many messages with a poll, of one box or channel, the one is looked for for which it was made. It is the oldest one there. */
const COPIES_MAX = 100;

/** Creates what polls read of messages and chats. */
export function createPollReaders({ clock }: { clock: Pick<Clock, 'now'> }): PollReaders {
  const findStanding = async (db: Pick<Database, 'q' | 'run'>, peerId: bigint, userId: bigint): Promise<Standing | undefined> => {
    const id = chatIdOf(peerId);
    const [[row], [member]] = await Promise.all([findChatRows(db, [id]), findChatMembers(db, [{ id, userId }])]);
    const standing = row && standingIn(row, member, clock.now());
    return standing?.status === 'member' ? standing : undefined;
  };
  return {
    async readExtra(tx, { viewerId, peerId, msgId, readId }, use = 'see') {
      if (isMarkedChannel(peerId)) {
        const viewer = { viewerId, channelId: channelIdOf(peerId) };
        const { posts } = await accessPosts({ db: tx, clock, findReadId: () => Promise.resolve(readId) }, viewer, [msgId]);
        return posts.get(msgId);
      }
      const standing = isMarkedChat(peerId) ? await findStanding(tx, peerId, viewerId) : undefined;
      if (isMarkedChat(peerId) && standing === undefined) throw rpcError('PEER_ID_INVALID');
      // The error of everything that would change a group that has become a supergroup.
      if (use === 'vote' && standing?.migrated === true) throw rpcError('CHAT_ID_INVALID');
      const message = await findMessage(tx.q, viewerId, msgId);
      return message?.peer_id === peerId && !hasFlag(message, MessageFlag.service) ? message : undefined;
    },
    async isMember(tx, peerId, userId) {
      const [member] = await findChannelMembers(tx, [{ id: channelIdOf(peerId), userId }]);
      return member?.status === 'member';
    },
    async isBarred(tx, userId, otherIds) {
      const barred = await Promise.all(otherIds.map((otherId) => isBarred(tx, { from: userId, to: otherId })));
      return barred.includes(true);
    },
    async findOriginal(db, { poll_id: pollId, creator_id: creatorId, place_id: peerId }) {
      const boxId = isMarkedChannel(peerId) ? peerId : creatorId;
      // The id of a poll stands among the documents of the messages that show it.
      const msgIds = await listMessagesOfDocument(db, { boxId, documentId: pollId, limit: COPIES_MAX });
      if (boxId === creatorId) {
        if (isMarkedChat(peerId) && (await findStanding(db, peerId, creatorId)) === undefined) return undefined;
        const found = await findMessages(db.q, creatorId, msgIds);
        const msgId = msgIds.find((id) => found.get(id)?.peer_id === peerId);
        return msgId === undefined ? undefined : { peerId, msgId, topId: null };
      }
      if (!(await this.isMember(db, peerId, creatorId))) return undefined;
      const viewer = { viewerId: creatorId, channelId: channelIdOf(peerId) };
      const accessed = await accessPosts({ db, clock, findReadId: () => Promise.resolve(undefined) }, viewer, msgIds).catch((error: unknown) => {
        if (error instanceof RpcError) return undefined;
        throw error;
      });
      const msgId = msgIds.find((id) => accessed?.posts.has(id));
      return msgId === undefined ? undefined : { peerId, msgId, topId: accessed!.posts.get(msgId)!.top_id };
    },
  };
}
