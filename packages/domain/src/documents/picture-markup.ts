import { rpcError } from '@aerogram/errors';
import type { Backdrop } from '@aerogram/media';
import type { tl } from '@aerogram/tl';

import { CLIENT_ICONS, readBundledDocument } from './bundled-documents.ts';
import { findPackDocument, isBundledEmoji, isOffered } from './bundled-emoji.ts';
import { openEmojiPack } from './emoji-pack.ts';

/** An emoji or sticker on a background of colours that apps draw in the place of a photo. */
export type PictureMarkup = tl.videoSizeEmojiMarkup | tl.videoSizeStickerMarkup;

/** The most colours of a background (core.telegram.org/constructor/videoSizeEmojiMarkup). */
const COLOURS_MAX = 4;

const COLOUR_MAX = 0xff_ff_ff;

const hasColours = ({ background_colors: colours }: PictureMarkup): boolean =>
  colours.length > 0 && colours.length <= COLOURS_MAX && colours.every((colour) => colour >= 0 && colour <= COLOUR_MAX);

/**
 * Rebuilds an emoji or sticker that a client names for a photo. Of which set a sticker is, the server knows itself; the access hash of the set is added when the photo is shown. Pure.
 * @param madeEmoji custom emoji of sets that people have made, of which it is known that they are there
 * @throws RpcError 400 EMOJI_MARKUP_INVALID (no custom emoji that the server has, or not one to four colours), STICKER_MIME_INVALID (the same for stickers)
 */
export function checkMarkup(markup: tl.VideoSize, madeEmoji?: ReadonlySet<bigint>): PictureMarkup {
  if (markup._ === 'videoSizeStickerMarkup') {
    const set = findPackDocument(markup.sticker_id)?.set;
    // Apps know the set of animated emoji by another id on test data centres, and offer none of it. Of dice, only parts would show.
    if (set?.kind !== 'stickers' || !isOffered(set) || !hasColours(markup)) throw rpcError('STICKER_MIME_INVALID');
    return { _: markup._, stickerset: { _: 'inputStickerSetID', id: set.id, access_hash: 0n }, sticker_id: markup.sticker_id, background_colors: markup.background_colors };
  }
  if (markup._ !== 'videoSizeEmojiMarkup' || !(isBundledEmoji(markup.emoji_id) || madeEmoji?.has(markup.emoji_id) === true) || !hasColours(markup)) throw rpcError('EMOJI_MARKUP_INVALID');
  return { _: markup._, emoji_id: markup.emoji_id, background_colors: markup.background_colors };
}

/**
 * Reads the still picture of a checked emoji or sticker, and how its background is drawn. Icons in the colour of the text are white, as in apps.
 * @param readMade reads that of a custom emoji that somebody has made
 */
export async function readMarkupPicture(markup: PictureMarkup, readMade: (id: bigint) => Promise<Uint8Array>): Promise<{ bytes: Uint8Array; backdrop: Backdrop }> {
  const id = markup._ === 'videoSizeEmojiMarkup' ? markup.emoji_id : markup.sticker_id;
  const [packed, icon] = [findPackDocument(id), CLIENT_ICONS.get(id)];
  const bytes = packed !== undefined ? await openEmojiPack().readPackBytes(packed.thumb) : icon !== undefined ? await readBundledDocument(icon) : await readMade(id);
  return { bytes, backdrop: { colours: markup.background_colors, isWhite: packed?.set.textColor === true } };
}

/** What a photo shows that apps draw themselves; undefined: nothing. Pure. */
export function markupOf({ video_sizes: videos = [] }: Pick<tl.photo, 'video_sizes'>): PictureMarkup | undefined {
  return videos.find((video) => video._ !== 'videoSize');
}
