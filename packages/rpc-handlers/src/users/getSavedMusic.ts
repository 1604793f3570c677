import { pageSize } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { hashOf } from '../hash-of.ts';
import { listSavedMusic } from './find-saved-music.ts';

const LIMIT_MAX = 100;

export const getSavedMusic = defineMethod({
  method: 'users.getSavedMusic',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'read',
  elsewhere: { id: 'works' },
  async handler(ctx, { id, offset, limit, hash }) {
    const { ownerId, ids } = await listSavedMusic(ctx, id);
    const first = Math.max(offset, 0);
    const page = ids.slice(first, first + pageSize(limit, LIMIT_MAX));
    if (page.length > 0 && hash === hashOf(page)) return { _: 'users.savedMusicNotModified', count: ids.length };
    return { _: 'users.savedMusic', count: ids.length, documents: await ctx.domain.files.kept.find(ownerId, 'music', page) };
  },
});
