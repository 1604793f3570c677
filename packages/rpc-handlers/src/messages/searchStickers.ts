import { pageSize } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { hashOf } from '../hash-of.ts';

/** Maximum number of stickers of an answer. */
const STICKERS_MAX = 100;

export const searchStickers = defineMethod({
  method: 'messages.searchStickers',
  access: 'user',
  cost: 20,
  limits: { strings: { q: 256 }, vectors: { lang_code: 32 } },
  repeat: 'read',
  async handler(ctx, { emojis, q, emoticon, lang_code: languages, offset, limit, hash: known }) {
    if (q.trim() === '' && emoticon.trim() === '') throw rpcError('EMOTICON_EMPTY');
    const { stickerSets, files } = ctx.domain;
    const ids = await stickerSets.search.listDocuments(emojis === true ? 'emoji' : 'stickers', { emoticon, words: q, languages });
    const first = Math.max(0, offset);
    const end = first + pageSize(limit, STICKERS_MAX);
    const shown = ids.slice(first, end);
    const hash = hashOf(shown);
    const next_offset = end < ids.length ? end : undefined;
    if (hash === known && known !== 0n) return { _: 'messages.foundStickersNotModified', next_offset };
    return { _: 'messages.foundStickers', next_offset, hash, stickers: files.bundled.listDocuments(shown) };
  },
});
