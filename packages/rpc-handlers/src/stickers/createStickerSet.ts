import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { kindOf } from '../messages/set-change.ts';
import { UPLOAD_QUOTAS } from '../quotas.ts';
import { answerSet, makerOf } from './make-call.ts';

/** Makes a set of uploaded files or of stickers that the caller may send. A bot makes it for a person. */
export const createStickerSet = defineMethod({
  method: 'stickers.createStickerSet',
  access: ['user', 'bot'],
  cost: 20,
  itemCosts: { stickers: 2 },
  quotas: UPLOAD_QUOTAS,
  limits: {
    vectors: { stickers: { max: 50, error: 'STICKERS_TOO_MUCH' } },
    strings: { title: { max: 1024, error: 'PACK_TITLE_INVALID' }, short_name: { max: 1024, error: 'PACK_SHORT_NAME_INVALID' }, software: 1024 },
  },
  repeat: 'idempotent',
  async handler(ctx, { user_id: user, title, short_name: shortName, thumb, stickers, text_color: textColor, ...request }) {
    const creatorId = (await ctx.domain.peers.accessInputUser(ctx.userId, user)).user_id;
    // A bot makes sets for those who have written to it.
    const isAllowed = ctx.caller.isBot ? await ctx.domain.botRows.mayWriteTo(ctx.userId, creatorId) : creatorId === ctx.userId;
    if (!isAllowed) throw rpcError('USER_ID_INVALID');
    const wish = { creatorId, kind: kindOf(request), textColor: textColor === true, title, shortName, thumb, items: stickers };
    return answerSet(ctx, ctx.domain.stickerSets.changes.doCreate(await makerOf(ctx), wish));
  },
});
