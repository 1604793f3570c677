import { given, keyOfReaction, wantedReactions } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { answerPinnedPosts } from '../channels/answer-posts.ts';
import { accessSavedPeer } from './access-saved-peer.ts';
import { answerHistory } from './answer-messages.ts';
import { kindsOfFilter } from './kinds-of-filter.ts';
import { accessSearchPlace, answerFound, listFound, minIdIn, type SearchPlace } from './search-place.ts';

/** Searches messages of one dialog by text, kind, sender and date; without a text it returns all that match the rest. */
export const search = defineMethod({
  method: 'messages.search',
  access: 'user',
  cost: 3,
  limits: { vectors: { saved_reaction: 11 } },
  repeat: 'read',
  elsewhere: { peer: 'works', from_id: 'works', saved_peer_id: 'works' },
  async handler(ctx, req): Promise<tl.messages.Messages> {
    const { messages, peers, search: subject } = ctx.domain;
    // An empty peer means all private chats and basic groups; Android uses it like this.
    if (req.peer._ === 'inputPeerEmpty' && given(req.top_msg_id) !== undefined) throw rpcError('MSG_ID_INVALID');
    const everywhere: SearchPlace = { ownerId: ctx.userId, peerId: undefined, channelId: undefined, startId: 0 };
    const place = req.peer._ === 'inputPeerEmpty' ? everywhere : await accessSearchPlace(ctx, req.peer, req.top_msg_id);
    const { channelId, peerId, part } = place;
    // The pinned messages of one topic are found by the search index, because a forum may have many that belong to other topics.
    if (channelId !== undefined && part === undefined && req.filter._ === 'inputMessagesFilterPinned' && req.q === '') return answerPinnedPosts(ctx, channelId, req);
    if (req.filter._ === 'inputMessagesFilterPinned' && req.q === '' && peerId !== undefined && req.saved_reaction === undefined) {
      return answerHistory(ctx, { peerId, only: 'pinned_messages' }, { ...req, hash: 0n }, () => messages.countPinned(ctx.userId, peerId));
    }
    const tags = req.saved_reaction && wantedReactions(req.saved_reaction).map(keyOfReaction);
    // Reactions are tags only in Saved Messages.
    if (tags !== undefined && peerId !== ctx.userId) throw rpcError('PEER_ID_INVALID');
    const { msgIds, count, inexact } = await subject.searchMessages(place.ownerId, {
      text: req.q,
      peerId,
      fromId: req.from_id && (await peers.accessInputPeer(ctx.userId, req.from_id)).peerId,
      savedPeerId: req.saved_peer_id && (await accessSavedPeer(ctx, req.saved_peer_id)),
      kinds: kindsOfFilter(req.filter),
      mentionedId: channelId === undefined ? undefined : ctx.userId,
      part,
      tags,
      minDate: req.min_date,
      maxDate: req.max_date,
      offsetId: req.offset_id,
      addOffset: req.add_offset,
      limit: req.limit,
      maxId: req.max_id,
      minId: minIdIn(place, req.min_id),
    });
    return answerFound(ctx, place, { rows: await listFound(ctx, place, msgIds, req.offset_id), count, inexact, hash: req.hash });
  },
});
