import { projectMissingMessage } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { answerPosts } from './answer-posts.ts';
import { accessCommentedChannel } from './channel-call.ts';

export const getMessages = defineMethod({
  method: 'channels.getMessages',
  access: ['user', 'bot'],
  cost: 1,
  limits: { vectors: { id: 200 } },
  repeat: 'read',
  async handler(ctx, { channel: input, id: inputs }) {
    if (inputs.length === 0) throw rpcError('MESSAGE_IDS_EMPTY');
    const { channelId } = await accessCommentedChannel(ctx, input);
    const channel = ctx.domain.channels.at(channelId).posts;
    const { pts } = await channel.findState(ctx.userId);
    const repliers = await channel.find(ctx.userId, inputs.flatMap((one) => (one._ === 'inputMessageReplyTo' ? [one.id] : [])));
    const pinnedId = inputs.some((one) => one._ === 'inputMessagePinned') ? ((await channel.findPinnedId(ctx.userId)) ?? 0) : 0;
    const ids = inputs.map((one) => {
      if (one._ === 'inputMessagePinned') return pinnedId;
      if (one._ === 'inputMessageID' || one._ === 'inputMessageCallbackQuery') return one.id;
      return one._ === 'inputMessageReplyTo' ? (repliers.get(one.id)?.reply_to_msg_id ?? 0) : 0;
    });
    const rows = await channel.find(ctx.userId, ids);
    const answer = await answerPosts(ctx, [...rows.values()], { pts, count: ids.length });
    const byId = new Map(answer.messages.map((message) => [message.id, message]));
    return { ...answer, messages: ids.map((id, at) => byId.get(id) ?? projectMissingMessage(inputs[at]!._ === 'inputMessagePinned' ? 0 : id)) };
  },
});
