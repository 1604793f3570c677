import type { tl } from '@aerogram/tl';

import { attributeOf, commonFields, thumbnailFields, videoFields } from './file-objects.ts';
import { ifText, type JsonObject } from './json-object.ts';
import type { ObjectSource } from './object-source.ts';

const MASK_POINTS = ['forehead', 'eyes', 'mouth', 'chin'];

/** The sticker set that a sticker names by id; undefined if it names none so. */
export function setOf(document: tl.Document | undefined): tl.inputStickerSetID | undefined {
  if (document?._ !== 'document') return undefined;
  const set = (attributeOf(document, 'documentAttributeSticker') ?? attributeOf(document, 'documentAttributeCustomEmoji'))?.stickerset;
  return set?._ === 'inputStickerSetID' ? set : undefined;
}

/**
 * The Sticker object.
 * @param setNames the short names of sticker sets, by id
 */
export function projectSticker(source: ObjectSource, document: tl.document, setNames: ReadonlyMap<bigint, string>): JsonObject {
  const emoji = attributeOf(document, 'documentAttributeCustomEmoji');
  const sticker = attributeOf(document, 'documentAttributeSticker');
  const { width, height } = videoFields(document);
  const coords = sticker?.mask_coords;
  const type = emoji !== undefined ? 'custom_emoji' : sticker?.mask === true ? 'mask' : 'regular';
  return {
    ...commonFields(source, document, 'sticker'),
    type,
    width,
    height,
    is_animated: document.mime_type === 'application/x-tgsticker',
    is_video: document.mime_type === 'video/webm',
    ...thumbnailFields(source, document),
    emoji: ifText((emoji ?? sticker)?.alt),
    set_name: setNames.get(setOf(document)?.id ?? 0n),
    mask_position: coords && { point: MASK_POINTS[coords.n] ?? MASK_POINTS[0], x_shift: coords.x, y_shift: coords.y, scale: coords.zoom },
    custom_emoji_id: emoji && document.id.toString(),
    needs_repainting: emoji?.text_color === true ? true : undefined,
  };
}

/** The StickerSet object. */
export function projectStickerSet(source: ObjectSource, { set, documents }: tl.messages.stickerSet): JsonObject {
  const names = new Map([[set.id, set.short_name]]);
  return {
    name: set.short_name,
    title: set.title,
    sticker_type: set.emojis === true ? 'custom_emoji' : set.masks === true ? 'mask' : 'regular',
    stickers: documents.flatMap((document) => (document._ === 'document' ? [projectSticker(source, document, names)] : [])),
  };
}

/** The short names, by id, of the sticker sets that stickers name. Sets that the server does not know any more have none. */
export async function findSetNames({ domain }: Pick<ObjectSource, 'domain'>, documents: readonly (tl.Document | undefined)[]): Promise<Map<bigint, string>> {
  const ids = [...new Set(documents.flatMap((document) => setOf(document)?.id ?? []))];
  if (ids.length === 0) return new Map();
  return new Map([...(await domain.stickerSets.findHeads(ids))].map(([id, { shortName }]) => [id, shortName]));
}
