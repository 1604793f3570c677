import { pageSize } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { kindOf } from './set-change.ts';

/** Maximum number of sets of an answer. */
const PAGE_MAX = 100;

/** The caller's archived sets, newest first; a page begins behind the last set of the page before. */
export const getArchivedStickers = defineMethod({
  method: 'messages.getArchivedStickers',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler(ctx, request) {
    const { stickerSets } = ctx.domain;
    const archived = (await stickerSets.installed.list(ctx.userId, kindOf(request))).flatMap(({ set, isArchived }) => (isArchived ? [set] : []));
    const first = archived.findIndex(({ id }) => id === request.offset_id) + 1;
    const shown = archived.slice(first, first + pageSize(request.limit, PAGE_MAX));
    return { _: 'messages.archivedStickers', count: archived.length, sets: await stickerSets.projectCovered(ctx.userId, shown) };
  },
});
