import type { tl } from '@aerogram/tl';

import { type ContentFile, filesOf, keptIn, mediaInside } from '../content/index.ts';
import type { MessageRow } from '../events/index.ts';
import { isBundled } from './bundled-emoji.ts';
import { thumbIdOf } from './document-id.ts';
import type { MessageFiles } from './message-files-store.ts';

/** The documents, their thumbnails and covers, and the photos, also of link previews, that media refer to and that the collection must keep. Those that ship with the server need no reference. Pure. */
export function documentIdsOf(media: tl.MessageMedia | undefined): bigint[] {
  return idsOfFiles(filesOf(media));
}

/** The ids by which the collection keeps files. Pure. */
function idsOfFiles(files: readonly ContentFile[]): bigint[] {
  const ids: bigint[] = [];
  for (const file of files) {
    if (file._ === 'document' && isBundled(file.id)) continue;
    ids.push(file.id);
    if (file._ === 'document' && file.thumbs !== undefined) ids.push(thumbIdOf(file.id));
  }
  return ids;
}

/** The document of a wallpaper, with its thumbnail. Pure. */
export function documentIdsOfWallpaper(wallpaper: tl.WallPaper | undefined): bigint[] {
  return wallpaper?._ === 'wallPaper' && wallpaper.document._ === 'document' ? idsOfFiles([wallpaper.document]) : [];
}

/** The ids by which the collection keeps the files of media inside of others, such as beside the answers of a poll. The poll refers to them, not the messages that show it. Pure. */
export function documentIdsInside(media: tl.MessageMedia): bigint[] {
  const inside = mediaInside(media);
  return inside.length === 0 ? [] : [...new Set(inside.flatMap(documentIdsOf))];
}

/** The documents and photos that a stored message refers to, and the polls that keep those in their place. */
export function documentIdsIn(extra: Uint8Array | null): bigint[] {
  const { files, keepers } = keptIn(extra);
  return [...new Set([...idsOfFiles(files), ...keepers])];
}

/** The documents that stored messages refer to, by their `extra`. Copies of one message share the bytes, which are read once. */
export class FilesInExtra {
  readonly #known = new Map<Uint8Array, bigint[]>();

  /** The documents of a message. */
  of(extra: Uint8Array | null): readonly bigint[] {
    if (extra === null) return [];
    const known = this.#known.get(extra);
    if (known !== undefined) return known;
    const ids = documentIdsIn(extra);
    this.#known.set(extra, ids);
    return ids;
  }

  /** The references of messages that were sent; messages without documents are left out. */
  refsOf(rows: readonly Pick<MessageRow, 'owner_id' | 'msg_id' | 'extra'>[]): MessageFiles[] {
    return rows.flatMap(({ owner_id: ownerId, msg_id: msgId, extra }) => {
      const documentIds = this.of(extra);
      return documentIds.length === 0 ? [] : [{ ownerId, msgId, documentIds }];
    });
  }
}
