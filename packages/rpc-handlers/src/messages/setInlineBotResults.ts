import { BUTTON_PAYLOAD_MAX, BUTTON_TEXT_MAX, BUTTON_URL_MAX, INLINE_ID_BYTES, INLINE_RESULTS_MAX, MESSAGE_LENGTH_MAX } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

const MESSAGE = 'results.send_message';
const BUTTON = `${MESSAGE}.reply_markup.rows.buttons`;
const TYPE = `${BUTTON}.type`;

export const setInlineBotResults = defineMethod({
  method: 'messages.setInlineBotResults',
  access: 'bot',
  cost: 2,
  limits: {
    maxBytes: 512 * 1024,
    vectors: {
      results: { max: INLINE_RESULTS_MAX, error: 'RESULTS_TOO_MUCH' },
      [`${MESSAGE}.entities`]: 1000,
      [`${MESSAGE}.reply_markup.rows`]: { max: 100, error: 'REPLY_MARKUP_TOO_LONG' },
      [BUTTON]: { max: 100, error: 'REPLY_MARKUP_TOO_LONG' },
      [`${TYPE}.peer_types`]: 10,
      'results.thumb.attributes': 10,
      'results.content.attributes': 10,
    },
    strings: {
      'results.id': { max: INLINE_ID_BYTES, error: 'RESULT_ID_INVALID' },
      [`${MESSAGE}.message`]: { max: 3 * MESSAGE_LENGTH_MAX, error: 'MESSAGE_TOO_LONG' },
      [`${BUTTON}.text`]: { max: BUTTON_TEXT_MAX, error: 'BUTTON_TEXT_INVALID' },
      [`${TYPE}.url`]: { max: BUTTON_URL_MAX, error: 'BUTTON_URL_INVALID' },
      [`${TYPE}.copy_text`]: { max: BUTTON_PAYLOAD_MAX, error: 'BUTTON_COPY_TEXT_INVALID' },
      [`${TYPE}.query`]: { max: BUTTON_PAYLOAD_MAX, error: 'BUTTON_DATA_INVALID' },
    },
  },
  quotas: ['inlineBytesOfBot'],
  repeat: 'idempotent',
  async handler(ctx, { _, query_id, ...answer }) {
    await ctx.domain.inline.doAnswer(ctx.userId, query_id, answer);
    return true;
  },
});
