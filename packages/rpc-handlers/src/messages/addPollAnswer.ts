import { makeAnswerMedia } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { NOTICE_QUOTAS, PRIVATE_QUOTAS, UPLOAD_QUOTAS } from '../quotas.ts';
import { actOnContent } from './act-on-content.ts';
import { senderOf } from './sender-of.ts';

export const addPollAnswer = defineMethod({
  method: 'messages.addPollAnswer',
  access: ['user', 'bot'],
  cost: 1,
  quotas: [...NOTICE_QUOTAS, ...PRIVATE_QUOTAS, 'chatMessages', ...UPLOAD_QUOTAS],
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer, msg_id: msgId, answer }) {
    const media = await makeAnswerMedia(answer, (input) => ctx.domain.mediaInputs.prepare(input, senderOf(ctx)));
    return actOnContent(ctx, { peer, msgId }, { of: 'answers', change: { kind: 'add', answer, media } });
  },
});
