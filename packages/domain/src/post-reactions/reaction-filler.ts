import { markPeer } from '@aerogram/cluster';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { FilledFor, ReactionFiller } from '../documents/index.ts';
import { findReactions, keyOfPost, type ReactedPost } from './post-reaction-store.ts';
import { projectPostReactions } from './project-post-reactions.ts';

/** A message of a supergroup or channel. */
type ChannelMessage = tl.message & { peer_id: tl.peerChannel };

/** Creates the filler of the reactions to posts of supergroups and channels. */
export function createReactionFiller(db: Pick<Database, 'run'>): ReactionFiller {
  async function fill(messages: readonly ChannelMessage[], { viewerId, named }: FilledFor): Promise<void> {
    const found = await findReactions(db, messages.map(placeOf), viewerId);
    for (const message of messages) {
      const reacted = found.get(keyOfPost(placeOf(message)));
      if (reacted === undefined || reacted.totals.emoticons.length === 0) continue;
      const isBroadcast = message.post === true;
      const shown = projectPostReactions(reacted.totals, reacted.own, { viewerId, isBroadcast, isAuthor: message.out === true && !isBroadcast });
      for (const { peer_id: peer } of shown.recent_reactions ?? []) named?.add(markPeer(peer));
      // Nobody can be shown whose object does not travel along.
      if (named === undefined) delete shown.recent_reactions;
      message.reactions = shown;
    }
  }

  return {
    fill(messages, reader = {}) {
      const inChannels = messages.filter(isInChannel);
      return inChannels.length === 0 ? undefined : fill(inChannels, reader);
    },
    fillUpdates(updates, reader = {}) {
      // A new message has no reactions yet.
      const edited = updates.flatMap((update) => (update._ === 'updateEditChannelMessage' && isInChannel(update.message) ? [update.message] : []));
      return edited.length === 0 ? undefined : fill(edited, reader);
    },
  };
}

const placeOf = ({ peer_id, id }: ChannelMessage): ReactedPost => ({ channelId: peer_id.channel_id, msgId: id });

function isInChannel(message: tl.Message): message is ChannelMessage {
  return message._ === 'message' && message.peer_id._ === 'peerChannel';
}
