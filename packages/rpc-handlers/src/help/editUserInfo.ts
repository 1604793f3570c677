import { isVisibleText } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { TEXT_LIMITS } from '../messages/text-limits.ts';

/** Replaces what support has noted about a user; an empty text removes it. Only support may do so. */
export const editUserInfo = defineMethod({
  method: 'help.editUserInfo',
  access: 'user',
  cost: 5,
  limits: TEXT_LIMITS,
  repeat: 'idempotent',
  async handler(ctx, { user_id: input, message, entities }) {
    const { messages, peers, support } = ctx.domain;
    await support.check(ctx.userId);
    const row = await peers.accessInputUser(ctx.userId, input);
    const listNamed = async () => {
      const known = await support.findInfo(row.user_id);
      return known._ === 'help.userInfo' ? known.entities : [];
    };
    const text = isVisibleText(message) ? await messages.normalizeText(ctx.userId, message, entities, listNamed) : undefined;
    await support.doEditInfo(ctx.userId, row, text);
    return support.findInfo(row.user_id);
  },
});
