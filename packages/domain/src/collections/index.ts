/** Collections: the lists of documents and photos that users keep, and dice. */
export { DICE, diceWork, findDice, prepareDice } from './dice.ts';
export { createKeptDocuments, type KeptDocuments } from './kept-documents.ts';
export { FAVED_STICKERS_MAX, KEPT_LISTS, type KeptListName, RECENT_STICKERS_MAX, RINGTONE_BYTES_MAX, RINGTONE_SECONDS_MAX, RINGTONES_MAX, SAVED_GIFS_MAX } from './kept-lists.ts';
export { CHAT_PHOTOS, CHAT_WALLPAPERS, CONTACT_PHOTOS, dropAllKept, dropKept, FALLBACK_PHOTOS, isKept, keepChatPhoto, keepFirst, keepOnly, type KeptPlace, listKeptIds, PROFILE_PHOTOS, WALLPAPERS } from './kept-store.ts';
export { doRenewUnsent, lockIdsToKeep, lockToKeep } from './lock-document.ts';
export { createPhotos, openPeerPhoto, type OpenSize, openSizeOf, openThumb, type PhotoMediaInput, type Photos, type ReadPeerPhoto } from './photos.ts';
