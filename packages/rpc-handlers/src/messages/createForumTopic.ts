import { newPostUpdate } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { actingAs, stepChannel } from '../channels/channel-call.ts';
import { NOTICE_QUOTAS } from '../quotas.ts';
import { findAskedSendAs } from './access-send-as.ts';
import { accessForum } from './topic-call.ts';

export const createForumTopic = defineMethod({
  method: 'messages.createForumTopic',
  access: ['user', 'bot'],
  cost: 3,
  limits: { strings: { title: 1024 } },
  quotas: NOTICE_QUOTAS,
  repeat: 'random_id',
  presence: 'acting',
  async handler(ctx, { peer: input, title, icon_color: color, icon_emoji_id: emojiId = 0n, random_id: randomId, send_as }) {
    if (randomId === 0n) throw rpcError('RANDOM_ID_EMPTY');
    if (emojiId !== 0n && !(await ctx.domain.stickerSets.isCustomEmoji(emojiId))) throw rpcError('DOCUMENT_INVALID');
    const { peer, topics } = await accessForum(ctx, input);
    const sendAs = await findAskedSendAs(ctx, peer, send_as);
    const first = await topics.doCreate({ ...actingAs(ctx), title, color, emojiId: emojiId || undefined, sendAs, randomId });
    stepChannel(ctx, first);
    return ctx.domain.updates.projectAnswer(ctx.userId, [{ _: 'updateMessageID', id: first.msg_id, random_id: randomId }, newPostUpdate(first, ctx.userId)], [peer.peerId]);
  },
});
