import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { isSticker, type UnknownFile } from '../documents/index.ts';

/** Maximum length of a sound for notifications, in bytes; sent to clients in help.getAppConfig. */
export const RINGTONE_BYTES_MAX = 307_200;
/** Maximum duration of a sound for notifications, in seconds; sent to clients in help.getAppConfig. */
export const RINGTONE_SECONDS_MAX = 5;
/** Maximum number of sounds that a user keeps; sent to clients in help.getAppConfig. */
export const RINGTONES_MAX = 100;
/** Maximum number of saved GIFs; the oldest one goes when another one comes. Sent to clients in help.getAppConfig. */
export const SAVED_GIFS_MAX = 200;
/** Maximum number of favourite stickers; the oldest one goes when another one comes. Sent to clients in help.getAppConfig. */
export const FAVED_STICKERS_MAX = 10;
/** Maximum number of stickers in each list of recent ones; the oldest one goes when another one comes. Sent to clients in help.getConfig. */
export const RECENT_STICKERS_MAX = 200;
/** Maximum number of songs on a profile. */
const MUSIC_MAX = 200;

/** A list of documents that users keep (core.telegram.org/api/gifs, /api/stickers, /api/ringtones, /api/profile#music). */
export interface KeptList {
  /** Its number in the database and in file references, which must not change. */
  number: number;
  max: number;
  /** Whether the oldest document makes room for a new one. */
  forgetsOldest: boolean;
  /** What the other devices of the owner are told when it changes. */
  update(ownerId: bigint): tl.Update;
  /** The error for a document that does not exist. */
  unknown: UnknownFile;
  /** @throws RpcError when a document does not belong in the list */
  check(document: tl.document): void;
}

const audioOf = ({ attributes }: tl.document): tl.documentAttributeAudio | undefined => attributes.find((attribute) => attribute._ === 'documentAttributeAudio');

function isGif({ attributes, mime_type: mimeType }: tl.document): boolean {
  return attributes.some((attribute) => attribute._ === 'documentAttributeAnimated') && (mimeType.startsWith('video/') || mimeType === 'image/gif');
}

function checkGif(document: tl.document): void {
  if (!isGif(document)) throw rpcError('GIF_ID_INVALID');
}

function checkRingtone(document: tl.document): void {
  if (!document.mime_type.startsWith('audio/')) throw rpcError('RINGTONE_MIME_INVALID');
  const audio = audioOf(document);
  if (audio === undefined || audio.duration > RINGTONE_SECONDS_MAX || document.size > BigInt(RINGTONE_BYTES_MAX)) throw rpcError('RINGTONE_INVALID');
}

function checkSong(document: tl.document): void {
  const audio = audioOf(document);
  if (audio === undefined || audio.voice === true) throw rpcError('DOCUMENT_INVALID');
}

function checkSticker(document: tl.document): void {
  if (!isSticker(document)) throw rpcError('STICKER_ID_INVALID');
}

const STICKERS = { forgetsOldest: true, unknown: 'STICKER_ID_INVALID', check: checkSticker } as const;

/** The lists, by name. */
export const KEPT_LISTS = {
  gifs: { number: 1, max: SAVED_GIFS_MAX, forgetsOldest: true, update: () => ({ _: 'updateSavedGifs' }), unknown: 'GIF_ID_INVALID', check: checkGif },
  ringtones: { number: 2, max: RINGTONES_MAX, forgetsOldest: false, update: () => ({ _: 'updateSavedRingtones' }), unknown: 'RINGTONE_INVALID', check: checkRingtone },
  // The first song stands in the full profile.
  music: { number: 3, max: MUSIC_MAX, forgetsOldest: false, update: (user_id) => ({ _: 'updateUser', user_id }), unknown: 'DOCUMENT_INVALID', check: checkSong },
  favedStickers: { ...STICKERS, number: 10, max: FAVED_STICKERS_MAX, update: () => ({ _: 'updateFavedStickers' }) },
  recentStickers: { ...STICKERS, number: 11, max: RECENT_STICKERS_MAX, update: () => ({ _: 'updateRecentStickers' }) },
  // Those that were put on photos and videos.
  attachedStickers: { ...STICKERS, number: 12, max: RECENT_STICKERS_MAX, update: () => ({ _: 'updateRecentStickers' }) },
} as const satisfies Record<string, KeptList>;

/** Names of the lists. */
export type KeptListName = keyof typeof KEPT_LISTS;

/** The list in which a document is kept because its owner has sent it: clients show sent GIFs and stickers there and leave it to the server to keep them. Pure. */
export function sentListOf(document: tl.document): 'gifs' | 'recentStickers' | undefined {
  if (isSticker(document)) return 'recentStickers';
  return isGif(document) ? 'gifs' : undefined;
}
