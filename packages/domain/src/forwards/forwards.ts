import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedPeer } from '../access/index.ts';
import type { Channels } from '../channels/index.ts';
import { findForwardSource, type Forwarding, type ForwardSource, findHiddenAuthors, listBesides, type MessagingDeps, type OutgoingPart, prepareForward } from '../messages/index.ts';
import { forwardedPostOf, type PostCounts } from '../post-counts/index.ts';
import { prepareReplyHeader, type ReplyElsewhere } from './prepare-reply-header.ts';

/** Forwards of messages, from any chat to any other. */
export interface Forwards {
  /**
   * Finds the messages of a chat and builds what a forward of them sends. The access to the chat is checked again with rows that are read
   * together with the messages.
   * @throws RpcError MESSAGE_IDS_EMPTY, RANDOM_ID_INVALID, MESSAGE_ID_INVALID, CHAT_FORWARDS_RESTRICTED, CHANNEL_PRIVATE
   */
  prepare(from: ResolvedPeer, forwarding: Forwarding): Promise<OutgoingPart[]>;
  /**
   * Builds the header of a reply to a message of another chat.
   * @param reply.quote undefined: the whole message is quoted, as long as it is short
   * @throws RpcError REPLY_MESSAGE_ID_INVALID, QUOTE_TEXT_INVALID, CHAT_FORWARDS_RESTRICTED, CHANNEL_PRIVATE
   */
  prepareReply(ownerId: bigint, from: ResolvedPeer, reply: ReplyElsewhere): Promise<tl.messageReplyHeader>;
  /** Counts the forwards of posts of broadcast channels that were sent. Calls with the same random ids count once. */
  noteSent(senderId: bigint, parts: readonly OutgoingPart[]): void;
}

/** The dependencies of {@link createForwards}. */
export interface ForwardsDeps extends Pick<MessagingDeps, 'users' | 'privacy' | 'random'> {
  db: Database;
  channels: Pick<Channels, 'at'>;
  postCounts: Pick<PostCounts, 'noteForward'>;
}

/** Creates the operations on forwards. */
export function createForwards(deps: ForwardsDeps): Forwards {
  const { db, channels } = deps;
  const findSource = (ownerId: bigint, from: ResolvedPeer, msgIds: readonly number[]): Promise<ForwardSource> =>
    from.kind === 'channel' ? channels.at(from.channelId).posts.findForwardable(ownerId, msgIds) : findForwardSource(db, { ownerId, peerId: from.peerId }, msgIds);
  return {
    async prepare(from, forwarding) {
      const { ownerId, msgIds } = forwarding;
      const source = await findSource(ownerId, from, msgIds);
      const parts = await prepareForward(source, forwarding, { findHidden: (authorIds) => findHiddenAuthors(deps, ownerId, authorIds), newGroupedId: () => deps.random.int63() });
      return Promise.all(parts.map(async (part) => ({ ...part, besides: await listBesides(db, part.extra.media) })));
    },
    async prepareReply(ownerId, from, reply) {
      const source = await findSource(ownerId, from, [reply.msgId]);
      return prepareReplyHeader(source, reply, (authorIds) => findHiddenAuthors(deps, ownerId, authorIds));
    },
    noteSent(senderId, parts) {
      for (const { randomId, extra } of parts) {
        const post = forwardedPostOf(extra.fwdFrom);
        if (post !== undefined) deps.postCounts.noteForward(senderId, randomId, post);
      }
    },
  };
}
