import { pageSize } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { answerPostHistory } from '../channels/answer-posts.ts';

/** Maximum number of posts in one answer. */
const LIMIT_MAX = 100;

/** The newest posts of the channel that a user shows on the profile page; none if the user shows no channel. */
export const getPersonalChannelHistory = defineMethod({
  method: 'messages.getPersonalChannelHistory',
  access: ['user', 'bot'],
  cost: 3,
  repeat: 'read',
  async handler(ctx, { user_id: input, limit, max_id, min_id, hash }) {
    const { channels, peers } = ctx.domain;
    const channel = await channels.personal.find(ctx.userId, await peers.accessInputUser(ctx.userId, input));
    if (channel === undefined) return { _: 'messages.messages', messages: [], topics: [], chats: [], users: [] };
    return answerPostHistory(ctx, channel.channelId, { offset_id: 0, offset_date: 0, add_offset: 0, limit: pageSize(limit, LIMIT_MAX), max_id, min_id, hash });
  },
});
