import { refuseChannelsYet, unpackMessageExtra } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

/** Returns whether a message may be edited, and whether its text is a caption. */
export const getMessageEditData = defineMethod({
  method: 'messages.getMessageEditData',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req) {
    const { messages, peers } = ctx.domain;
    const { peerId } = refuseChannelsYet(await peers.accessInputPeer(ctx.userId, req.peer));
    const { media } = unpackMessageExtra((await messages.accessEditable(ctx.userId, peerId, req.id)).extra);
    const hasCaption = media !== undefined && media._ !== 'messageMediaWebPage';
    return { _: 'messages.messageEditData', caption: hasCaption ? true : undefined };
  },
});
