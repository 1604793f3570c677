import { pageSize } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

/** Maximum number of sets of an answer. */
const SETS_MAX = 100;

/** The sets that the caller has made, newest first. */
export const getMyStickers = defineMethod({
  method: 'messages.getMyStickers',
  access: ['user', 'bot'],
  cost: 5,
  repeat: 'read',
  async handler({ domain: { stickerSets }, userId }, { offset_id: beforeId, limit }) {
    const [sets, count] = await Promise.all([stickerSets.listMade(userId, { beforeId, limit: pageSize(limit, SETS_MAX) }), stickerSets.countMade(userId)]);
    return { _: 'messages.myStickers', count, sets: await stickerSets.projectCovered(userId, sets) };
  },
});
