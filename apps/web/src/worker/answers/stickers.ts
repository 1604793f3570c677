import type { Sticker, StickerQuestions } from '../../protocol/index.ts';
import { changeStatus, listStatuses } from '../emoji-statuses.ts';
import { findEffect, listEffects } from '../list-effects.ts';
import { publicSet, publicSticker, type StickerRow } from '../models/sticker-set.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Answers what pages ask about sticker sets, stickers, custom emoji and effects. */
export function answerStickers({ account, files }: AnswerDeps): AnswersTo<StickerQuestions> {
  const { stickers, shown } = files;
  /** Pages load the file by the id of the sticker. */
  const told = (row: StickerRow | undefined): Sticker | undefined => {
    if (!row) return undefined;
    stickers.noteFiles([row]);
    return publicSticker(row);
  };
  return {
    'stickers.set': async (ref) => {
      const { row, stickers: list } = await stickers.find(ref);
      return { set: publicSet(row), stickers: list.map((each) => ({ ...publicSticker(each), finds: each.finds })) };
    },
    'stickers.install': ({ set }) => stickers.install(set),
    'stickers.uninstall': ({ set }) => stickers.uninstall(set),
    'stickers.order': ({ kind, sets }) => stickers.order(kind, sets),
    'stickers.archived': async ({ kind, after }) => {
      const { rows, hasMore } = await stickers.archived(kind, after);
      return { sets: rows.map(publicSet), hasMore };
    },
    'stickers.featured': async ({ kind }) => (await stickers.featured(kind)).map(publicSet),
    'stickers.setFavourite': async ({ file, isFavourite }) => {
      await files.withDocument(file, (id) => account.call({ _: 'messages.faveSticker', id, unfave: !isFavourite }));
      account.apply({ _: 'updateFavedStickers' });
    },
    'stickers.search': async ({ query }) => (await stickers.search(query)).map(publicSticker),
    'stickers.suggested': async ({ emoji }) => (await stickers.suggested(emoji)).map(publicSticker),
    'stickers.emoji': async ({ id }) => told(await stickers.emoji.find(id)),
    'statuses.offered': async ({ peer }) => {
      const { recent, others } = await listStatuses(account, peer);
      const find = async (ids: readonly string[]): Promise<Sticker[]> => (await Promise.all(ids.map((id) => stickers.emoji.find(id)))).flatMap((row) => told(row) ?? []);
      const [own, all] = await Promise.all([find(recent), find(others)]);
      return { recent: own, others: all };
    },
    'statuses.set': (say) => changeStatus(account, say),
    'effects.list': () => listEffects(account),
    'effects.animation': async ({ id }) => {
      const location = await findEffect(account, id);
      if (!location) return undefined;
      shown.note({ [location.id]: location });
      return { of: 'shown', file: location.id, size: '' };
    },
    'stickers.animated': async ({ emoji }) => told(await stickers.animated(emoji)),
    'stickers.die': async ({ emoji, value }) => (await stickers.die(emoji, value)).flatMap((row) => told(row) ?? []),
  };
}
