import { CLIENT_ICONS } from './bundled-documents.ts';
import { openEmojiPack, type PackDocument } from './emoji-pack.ts';

/** A document of the sets that ship with the server, by id. */
export function findPackDocument(id: bigint): PackDocument | undefined {
  return openEmojiPack().findPackDocument(id);
}

/** The emoji of a custom emoji that ships with the server, as `alt` of its document has it. @returns undefined if this is not the id of one */
export function bundledEmojiAlt(id: bigint): string | undefined {
  const document = findPackDocument(id);
  return document?.set.kind === 'emoji' ? document.emoji : CLIENT_ICONS.get(id)?.emoji;
}

/** Whether this is the id of a custom emoji that ships with the server. Such ids are the same on every server. */
export function isBundledEmoji(id: bigint): boolean {
  return bundledEmojiAlt(id) !== undefined;
}
