import { rpcError } from '@aerogram/errors';
import type { MadePhoto } from '@aerogram/media';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { lockIdsToKeep } from '../collections/index.ts';
import { openEmojiPack, PACK_SIDE, type PackPart, thumbIdOf } from '../documents/index.ts';
import type { SetDocuments } from '../uploads/index.ts';
import type { SetKind } from './default-sets.ts';
import { emojiKey } from './emoji-key.ts';
import type { NewItem } from './made-set-store.ts';
import { checkedEmoji, checkedKeywords, checkedMask } from './set-words.ts';

/** A document that is to be added to a set, as its maker describes it, checked. */
export interface ItemWish {
  document: tl.InputDocument;
  emoji: [string, ...string[]];
  keywords: string[];
  mask: tl.maskCoords | undefined;
}

/** The set for which a document is made. */
export interface ItemPlace {
  id: bigint;
  kind: SetKind;
  textColor: boolean;
}

/** What a maker says of a sticker, checked. @throws RpcError STICKER_EMOJI_INVALID */
export function checkedItem({ document, emoji, keywords, mask_coords: coords }: tl.inputStickerSetItem): ItemWish {
  return { document, emoji: checkedEmoji(emoji), keywords: checkedKeywords(keywords), mask: checkedMask(coords) };
}

/** What a document says of itself in a set. Pure. */
export function attributeOf({ id, kind, textColor }: ItemPlace, alt: string, mask: tl.maskCoords | undefined): tl.DocumentAttribute {
  // The access hash is put in when somebody is shown it.
  const stickerset: tl.InputStickerSet = { _: 'inputStickerSetID', id, access_hash: 0n };
  if (kind === 'emoji') return { _: 'documentAttributeCustomEmoji', free: true, text_color: textColor || undefined, alt, stickerset };
  return { _: 'documentAttributeSticker', mask: kind === 'masks' || undefined, alt, stickerset, mask_coords: kind === 'masks' ? mask : undefined };
}

/**
 * Makes the document of a sticker. It belongs to nothing until {@link keepItems}.
 * @throws RpcError as {@link SetDocuments.doMake}
 */
export async function makeItem(documents: Pick<SetDocuments, 'doMake'>, makerId: bigint, place: ItemPlace, { document, emoji: [emoji, ...others], keywords, mask }: ItemWish): Promise<NewItem> {
  const attributes = [attributeOf(place, emoji, mask)];
  const { stored, sourceId } = await documents.doMake(makerId, document, { use: place.kind, attributes, still: () => stillOf([emoji, ...others]) });
  return { id: stored.id, sourceId, emoji, others, keywords, size: stored.blob.size, position: 0 };
}

/** Makes the picture of a set. @throws RpcError as {@link SetDocuments.doMake} */
export async function makePicture(documents: Pick<SetDocuments, 'doMake'>, makerId: bigint, input: tl.InputDocument): Promise<NewItem> {
  const { stored, sourceId } = await documents.doMake(makerId, input, { use: 'thumb', attributes: [], still: () => Promise.resolve(undefined) });
  return { id: stored.id, sourceId, emoji: '', others: [], keywords: [], size: stored.blob.size, position: null };
}

/** Keeps new documents from being collected until the transaction ends, which puts them into a set. @throws RpcError STICKER_FILE_INVALID (an operator has deleted or blocked one) */
export async function keepItems(tx: Tx, items: readonly NewItem[]): Promise<void> {
  const ids = items.map(({ id }) => id);
  if (ids.length > 0 && !(await lockIdsToKeep(tx, ids))) throw rpcError('STICKER_FILE_INVALID');
  // Not every document has a thumbnail.
  await lockIdsToKeep(tx, ids.map(thumbIdOf));
}

/** The still pictures that ship with the server, by the key of their emoji. They are listed when the first animation needs one. */
let stills: ReadonlyMap<string, PackPart> | undefined;

/** The still picture of the first of these emoji that ships with the server: an animation cannot be drawn here. */
async function stillOf(emoji: readonly string[]): Promise<MadePhoto | undefined> {
  const pack = openEmojiPack();
  // The first document of an emoji counts, as it is in the set of moving emoji.
  stills ??= new Map(pack.sets.flatMap(({ documents, die }) => (die === undefined ? documents : [])).toReversed().map((one) => [emojiKey(one.emoji), one.thumb]));
  const [still] = emoji.flatMap((one) => stills?.get(emojiKey(one)) ?? []);
  if (still === undefined) return undefined;
  return { sizes: [{ type: 'm', width: PACK_SIDE.thumb, height: PACK_SIDE.thumb, bytes: await pack.readPackBytes(still), prefixes: [] }], stripped: new Uint8Array() };
}
