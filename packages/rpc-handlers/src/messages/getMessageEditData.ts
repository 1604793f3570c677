import { isText, unpackMessageExtra } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

/** Returns whether a message may be edited, and whether its text is a caption. */
export const getMessageEditData = defineMethod({
  method: 'messages.getMessageEditData',
  access: 'user',
  cost: 1,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  async handler(ctx, req) {
    const { channels, messages, peers } = ctx.domain;
    const peer = await peers.accessInputPeerOrCommented(ctx.userId, req.peer);
    const { extra } =
      peer.kind === 'channel'
        ? await channels.at(peer.channelId).posts.accessEditable(ctx.userId, req.id)
        : await messages.accessEditable(ctx.userId, peer.peerId, req.id);
    const { media } = unpackMessageExtra(extra);
    return { _: 'messages.messageEditData', caption: isText(media) ? undefined : true };
  },
});
