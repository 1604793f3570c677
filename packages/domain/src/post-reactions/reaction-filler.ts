import { isMarkedChat, markPeer } from '@aerogram/cluster';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { Chats } from '../chats/index.ts';
import type { FilledFor, ReactionFiller } from '../documents/index.ts';
import { findGlobalIds } from '../messages/index.ts';
import { groupBy } from '../shared/index.ts';
import { findReactions, keyOfPost, type ReactedPost } from './post-reaction-store.ts';
import { projectPostReactions } from './project-post-reactions.ts';

/** A message of a group or channel. */
type GroupMessage = tl.message & { peer_id: tl.peerChannel | tl.peerChat };

/** The dependencies of {@link createReactionFiller}. */
interface FillerDeps {
  db: Pick<Database, 'run' | 'q'>;
  chats: Pick<Chats, 'findMember'>;
}

/** Creates the filler of the reactions to messages of groups and channels. */
export function createReactionFiller({ db, chats }: FillerDeps): ReactionFiller {
  async function fill(messages: readonly GroupMessage[], { viewerId, named }: FilledFor): Promise<void> {
    const posts = await findPosts(messages, viewerId);
    const found = await findReactions(db, [...posts.values()], viewerId);
    for (const [message, post] of posts) {
      const reacted = found.get(keyOfPost(post));
      // What older versions have stored in a message of a basic group counts as long as it has no totals.
      if (reacted === undefined) continue;
      const isBroadcast = message.post === true;
      const shown = projectPostReactions(reacted.totals, reacted.own, { viewerId, isBroadcast, isAuthor: message.out === true && !isBroadcast });
      for (const { peer_id: peer } of shown.recent_reactions ?? []) named?.add(markPeer(peer));
      // Without a list of named peers, the user objects of those who reacted cannot be sent along (rule P12, named peers), so they are left out.
      if (named === undefined) delete shown.recent_reactions;
      message.reactions = shown.results.length === 0 ? undefined : shown;
    }
  }

  /** What names messages for all who see them. Those of basic groups are left out in which the viewer is no member. */
  async function findPosts(messages: readonly GroupMessage[], viewerId: bigint | undefined): Promise<Map<GroupMessage, ReactedPost>> {
    const posts = new Map<GroupMessage, ReactedPost>();
    const inGroups: GroupMessage[] = [];
    for (const [peerId, ofPeer] of groupBy(messages, (message) => markPeer(message.peer_id))) {
      if (!isMarkedChat(peerId)) for (const message of ofPeer) posts.set(message, { peerId, postId: BigInt(message.id) });
      else if (viewerId !== undefined && (await chats.findMember(peerId, viewerId))?.status === 'member') inGroups.push(...ofPeer);
      else for (const message of ofPeer) delete message.reactions;
    }
    if (viewerId === undefined || inGroups.length === 0) return posts;
    const globalIds = await findGlobalIds(db.q, viewerId, inGroups.map(({ id }) => id));
    for (const message of inGroups) {
      const postId = globalIds.get(message.id);
      if (postId !== undefined) posts.set(message, { peerId: markPeer(message.peer_id), postId });
    }
    return posts;
  }

  return {
    fill(messages, reader = {}) {
      const inGroups = messages.filter(isInGroup);
      return inGroups.length === 0 ? undefined : fill(inGroups, reader);
    },
    fillUpdates(updates, reader = {}) {
      // A new message has no reactions yet.
      const edited = updates.flatMap((update) => ((update._ === 'updateEditChannelMessage' || update._ === 'updateEditMessage') && isInGroup(update.message) ? [update.message] : []));
      return edited.length === 0 ? undefined : fill(edited, reader);
    },
  };
}

function isInGroup(message: tl.Message): message is GroupMessage {
  return message._ === 'message' && message.peer_id._ !== 'peerUser';
}
