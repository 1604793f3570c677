import { defineMethod } from '@aerogram/rpc';

import { listSavedMusic } from './find-saved-music.ts';

/** Clients ask for music again when its file references have expired. */
export const getSavedMusicByID = defineMethod({
  method: 'users.getSavedMusicByID',
  access: 'user',
  cost: 2,
  limits: { vectors: { documents: 100 } },
  repeat: 'read',
  elsewhere: { id: 'works' },
  async handler(ctx, { id, documents }) {
    const { ownerId, ids } = await listSavedMusic(ctx, id);
    const asked = new Set(documents.flatMap((document) => (document._ === 'inputDocument' ? [document.id] : [])));
    return { _: 'users.savedMusic', count: ids.length, documents: await ctx.domain.files.kept.find(ownerId, 'music', ids.filter((one) => asked.has(one))) };
  },
});
