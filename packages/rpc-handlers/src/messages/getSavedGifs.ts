import { defineMethod } from '@aerogram/rpc';

import { listKept } from '../kept-call.ts';

export const getSavedGifs = defineMethod({
  method: 'messages.getSavedGifs',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler(ctx, { hash: known }) {
    const found = await listKept(ctx, 'gifs', known);
    return found === undefined ? { _: 'messages.savedGifsNotModified' } : { _: 'messages.savedGifs', hash: found.hash, gifs: found.documents };
  },
});
