import { pageSize, PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

/** Maximum number of votes in an answer. */
const PAGE_MAX = 100;

export const getPollVotes = defineMethod({
  method: 'messages.getPollVotes',
  access: 'user',
  cost: 1,
  limits: { strings: { offset: { max: 64, error: 'OFFSET_INVALID' } } },
  repeat: 'read',
  async handler(ctx, { peer: input, id: msgId, option, offset = '', limit }) {
    const { peers, polls, projectPeers } = ctx.domain;
    const peer = await peers.accessInputPeerOrCommented(ctx.userId, input);
    const isBroadcast = peer.kind === 'channel' && peer.row.kind === 'broadcast';
    const { votes, count, nextOffset } = await polls.listVotes({ viewerId: ctx.userId, peerId: peer.peerId, msgId }, { option, offset, limit: pageSize(limit, PAGE_MAX), isBroadcast });
    const named = new PeerSet();
    for (const vote of votes) named.addObject(vote);
    return { _: 'messages.votesList', count, votes: [...votes], ...(await projectPeers(ctx.userId, named)), next_offset: nextOffset };
  },
});
