import type { tl } from '@aerogram/tl';

import { findWallpaperIn, listMediaIn, type MessageRow } from '../events/index.ts';
import { findBundled } from './bundled-documents.ts';
import { thumbIdOf } from './document-id.ts';
import type { MessageFiles } from './message-files-store.ts';

/** The documents, their thumbnails and covers, and the photos, also of link previews, that media refer to and that the collection must keep. Those that ship with the server need no reference. Pure. */
export function documentIdsOf(media: tl.MessageMedia | undefined): bigint[] {
  if (media?._ === 'messageMediaPhoto') return media.photo?._ === 'photo' ? [media.photo.id] : [];
  if (media?._ === 'messageMediaWebPage') return media.webpage._ === 'webPage' && media.webpage.photo?._ === 'photo' ? [media.webpage.photo.id] : [];
  if (media?._ !== 'messageMediaDocument' || media.document?._ !== 'document') return [];
  const { document: { id, thumbs }, video_cover: cover } = media;
  if (findBundled(id) !== undefined) return [];
  return [id, ...(thumbs === undefined ? [] : [thumbIdOf(id)]), ...(cover?._ === 'photo' ? [cover.id] : [])];
}

/** The document of a wallpaper, with its thumbnail. Pure. */
export function documentIdsOfWallpaper(wallpaper: tl.WallPaper | undefined): bigint[] {
  return wallpaper?._ === 'wallPaper' ? documentIdsOf({ _: 'messageMediaDocument', document: wallpaper.document }) : [];
}

/** The same for all media in a poll. They are kept by the poll, not by the messages that show it. Pure. */
export function documentIdsOfPoll({ poll, results, attached_media: attached }: tl.messageMediaPoll): bigint[] {
  return [...new Set([attached, results.solution_media, ...mediaOfAnswers(poll)].flatMap(documentIdsOf))];
}

/** What stands beside each answer of a poll. Pure. */
export function mediaOfAnswers({ answers }: Pick<tl.poll, 'answers'>): (tl.MessageMedia | undefined)[] {
  return answers.map((answer) => (answer._ === 'pollAnswer' ? answer.media : undefined));
}

/** The polls that a stored message shows or repeats. */
export function pollIdsIn(extra: Uint8Array | null): bigint[] {
  return listMediaIn(extra).flatMap(pollIdsOf);
}

/** The poll that media show. Pure. */
function pollIdsOf(media: tl.MessageMedia): bigint[] {
  return media._ === 'messageMediaPoll' ? [media.poll.id] : [];
}

/** The documents, photos and polls that a stored message refers to. */
export function documentIdsIn(extra: Uint8Array | null): bigint[] {
  return [...new Set([...listMediaIn(extra).flatMap((media) => [...documentIdsOf(media), ...pollIdsOf(media)]), ...documentIdsOfWallpaper(findWallpaperIn(extra))])];
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
