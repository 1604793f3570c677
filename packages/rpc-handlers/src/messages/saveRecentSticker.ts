import { defineMethod } from '@aerogram/rpc';

import { changeKept } from '../kept-call.ts';
import { recentStickersOf } from './recent-stickers.ts';

export const saveRecentSticker = defineMethod({
  method: 'messages.saveRecentSticker',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  handler: (ctx, { id, unsave, attached }) => changeKept(ctx, recentStickersOf(attached), { id, unsave }),
});
