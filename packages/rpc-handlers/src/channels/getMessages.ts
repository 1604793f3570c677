import { projectMissingMessage } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

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
    const replied = await channel.findReplied(ctx.userId, inputs.flatMap((one) => (one._ === 'inputMessageReplyTo' ? [one.id] : [])));
    const pinnedId = inputs.some((one) => one._ === 'inputMessagePinned') ? ((await channel.findPinnedId(ctx.userId)) ?? 0) : 0;
    const idOf = (one: tl.InputMessage): number => {
      if (one._ === 'inputMessagePinned') return pinnedId;
      return one._ === 'inputMessageID' || one._ === 'inputMessageCallbackQuery' ? one.id : 0;
    };
    const named = await channel.find(ctx.userId, inputs.map(idOf));
    const rows = new Map([...named, ...Array.from(replied.values(), (row) => [row.msg_id, row] as const)]);
    const answer = await answerPosts(ctx, [...rows.values()], { pts, count: inputs.length });
    const byId = new Map(answer.messages.map((message) => [message.id, message]));
    const messages = inputs.map((one) => {
      const id = idOf(one);
      // A bot may be given a message as the one that is replied to, and not see it by its id.
      const row = one._ === 'inputMessageReplyTo' ? replied.get(one.id) : named.get(id);
      return row === undefined ? projectMissingMessage(one._ === 'inputMessagePinned' ? 0 : id) : byId.get(row.msg_id)!;
    });
    return { ...answer, messages };
  },
});
