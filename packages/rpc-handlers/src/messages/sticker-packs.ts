import type { tl } from '@aerogram/tl';

/** Which stickers stand for which emoji, in the order of the stickers. Stickers without an emoji are left out. Pure. */
export function listPacks(stickers: readonly tl.document[]): tl.StickerPack[] {
  const packs = new Map<string, bigint[]>();
  for (const { id, attributes } of stickers) {
    const emoji = attributes.find((attribute) => attribute._ === 'documentAttributeSticker')?.alt ?? '';
    if (emoji !== '') packs.set(emoji, [...(packs.get(emoji) ?? []), id]);
  }
  return [...packs].map(([emoticon, documents]) => ({ _: 'stickerPack', emoticon, documents }));
}
