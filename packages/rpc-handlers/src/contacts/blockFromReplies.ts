import { defineMethod } from '@aerogram/rpc';

import { originOf, stepBox } from '../origin.ts';

/** Called in the chat with the account Replies, for one of the answers to comments in it. */
export const blockFromReplies = defineMethod({
  method: 'contacts.blockFromReplies',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  async handler(ctx, { delete_message, delete_history, report_spam, msg_id: msgId }) {
    const { replies, updates: told } = ctx.domain;
    const block = { ownerId: ctx.userId, msgId, deletesMessage: delete_message === true, deletesAll: delete_history === true, reportsSpam: report_spam === true };
    const { updates, pts, ptsCount } = await replies.doBlock({ ...block, origin: originOf(ctx) });
    if (ptsCount > 0) stepBox(ctx, pts, ptsCount);
    return told.projectAnswer(ctx.userId, updates);
  },
});
