import { countedPostOf, PeerSet, projectMessage, projectPost } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessPeerInSight } from './access-messages.ts';

/**
 * How often posts of broadcast channels, and forwards of such posts, were seen and forwarded, how many replies messages of supergroups have, and how many
 * comments posts have and by whom the last ones are. Other
 * messages are not counted, so each of these gets an empty entry.
 */
export const getMessagesViews = defineMethod({
  method: 'messages.getMessagesViews',
  access: 'user',
  cost: 1,
  limits: { vectors: { id: 100 } },
  repeat: 'read',
  elsewhere: { peer: 'works' },
  async handler(ctx, { peer, id: msgIds, increment }) {
    const { messageFiller, postCounts, projectPeers } = ctx.domain;
    const messages = await listMessages(ctx, peer, msgIds);
    const shown = new Map(messages.map((message) => [message.id, countedPostOf(message)]));
    const counted = [...new Set(msgIds)].flatMap((id) => {
      const post = shown.get(id);
      return post === undefined ? [] : [{ id, post }];
    });
    if (increment) await postCounts.noteViews(ctx.userId, counted.map(({ post }) => post));
    const counts = await postCounts.find(counted.map(({ post }) => post));
    const byId = new Map(counted.map(({ id }, index) => [id, counts[index]]));
    const peers = new PeerSet();
    await messageFiller.fill(messages, ctx.userId, peers);
    const replies = new Map(messages.map((message) => [message.id, message._ === 'message' ? message.replies : undefined]));
    const views = msgIds.map((id): tl.messageViews => ({ _: 'messageViews', ...byId.get(id), replies: replies.get(id) }));
    return { _: 'messages.messageViews', views, ...(await projectPeers(ctx.userId, peers)) };
  },
});

/** The messages that the caller may read. @throws RpcError MSG_ID_INVALID for ids that no message has */
async function listMessages(ctx: RpcContext, input: tl.InputPeer, msgIds: readonly number[]): Promise<tl.Message[]> {
  if (msgIds.some((id) => id <= 0)) throw rpcError('MSG_ID_INVALID');
  const { channels, messages } = ctx.domain;
  const peer = await accessPeerInSight(ctx, input);
  if (peer.kind === 'channel') {
    const posts = await channels.at(peer.channelId).posts.find(ctx.userId, msgIds);
    return [...posts.values()].map((post) => projectPost(post, ctx.userId));
  }
  const rows = await messages.find(ctx.userId, msgIds);
  return [...rows.values()].filter((row) => row.peer_id === peer.peerId).map(projectMessage);
}
