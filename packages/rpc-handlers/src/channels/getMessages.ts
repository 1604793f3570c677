import { projectMissing } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { answerPosts } from './answer-posts.ts';
import { accessChannel } from './channel-call.ts';

export const getMessages = defineMethod({
  method: 'channels.getMessages',
  access: ['user', 'bot'],
  cost: 1,
  limits: { vectors: { id: 200 } },
  repeat: 'read',
  async handler(ctx, { channel: input, id: inputs }) {
    if (inputs.length === 0) throw rpcError('MESSAGE_IDS_EMPTY');
    const { channelId } = await accessChannel(ctx, input);
    const channel = ctx.domain.channels.at(channelId);
    const { pts } = await channel.findState();
    const repliers = await channel.find(inputs.flatMap((one) => (one._ === 'inputMessageReplyTo' ? [one.id] : [])));
    const ids = inputs.map((one) => {
      if (one._ === 'inputMessageID') return one.id;
      return one._ === 'inputMessageReplyTo' ? (repliers.get(one.id)?.reply_to_msg_id ?? 0) : 0;
    });
    const rows = await channel.find(ids);
    const answer = await answerPosts(ctx, [...rows.values()], { pts, count: ids.length });
    const byId = new Map(answer.messages.map((message) => [message.id, message]));
    return { ...answer, messages: ids.map((id) => byId.get(id) ?? projectMissing(id)) };
  },
});
