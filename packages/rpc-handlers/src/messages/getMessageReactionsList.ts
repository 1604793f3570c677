import { markPeer } from '@aerogram/cluster';
import { keyOfReaction, PeerSet, type PostReactionsDoor, wantedReactions } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessPeerInSight } from './access-messages.ts';
import { reactionsAt } from './reactions-at.ts';

/** Maximum number of reactions in one answer. */
const PAGE_MAX = 100;

/** Who reacted to a message, newest first. One page is always enough for private chats. */
export const getMessageReactionsList = defineMethod({
  method: 'messages.getMessageReactionsList',
  access: 'user',
  cost: 1,
  limits: { strings: { offset: { max: 16, error: 'MSG_ID_INVALID' } } },
  repeat: 'read',
  elsewhere: { peer: 'works' },
  async handler(ctx, req) {
    const { projectPeers, reactions } = ctx.domain;
    const peer = await accessPeerInSight(ctx, req.peer);
    const { count, listed, next } = peer.kind === 'user' ? await listAll(reactions.listOf(ctx.userId, peer.peerId, req.id, req.reaction)) : await listOfPost(reactionsAt(ctx, peer), ctx.userId, req);
    const named = new PeerSet(listed.map(({ peer_id: shown }) => markPeer(shown)));
    return {
      _: 'messages.messageReactionsList',
      count,
      reactions: listed,
      ...(await projectPeers(ctx.userId, named)),
      next_offset: next,
    };
  },
});

/** A page of those who reacted. */
interface Page {
  count: number;
  listed: tl.messagePeerReaction[];
  next: string | undefined;
}

async function listAll(listing: Promise<tl.messagePeerReaction[]>): Promise<Page> {
  const listed = await listing;
  return { count: listed.length, listed, next: undefined };
}

async function listOfPost(door: PostReactionsDoor, viewerId: bigint, { id, reaction, offset = '', limit }: tl.messages.getMessageReactionsList): Promise<Page> {
  const [wanted] = reaction === undefined ? [] : wantedReactions([reaction]);
  const emoticon = wanted && keyOfReaction(wanted);
  // Whatever else clients may send stands for the beginning.
  const after = /^[1-9]\d{0,8}$/.test(offset) ? Number(offset) : undefined;
  const { count, reactions: listed, next } = await door.listOf(viewerId, id, { emoticon, after, limit: Math.max(0, Math.min(limit, PAGE_MAX)) });
  return { count, listed, next: next === undefined ? undefined : String(next) };
}
