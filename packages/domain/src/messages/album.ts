import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { type AlbumKind, mediaKindOf } from '../content/index.ts';
import type { OutgoingPart } from './outgoing.ts';

/** Maximum number of messages in an album. */
export const ALBUM_MAX = 10;

const albumKindOf = (media: tl.MessageMedia | undefined): AlbumKind | undefined => media && mediaKindOf(media).album(media);

/**
 * Checks that media can be shown as one album. Pure.
 * @throws RpcError MEDIA_INVALID
 */
export function checkAlbum(media: readonly tl.MessageMedia[]): void {
  const kinds = new Set(media.map(albumKindOf));
  if (kinds.size !== 1 || kinds.has(undefined)) throw rpcError('MEDIA_INVALID');
}

/** Whether other media may take the place of those of a message in an album. Pure. */
export function fitsAlbum(media: tl.MessageMedia | undefined, edit: tl.MessageMedia): boolean {
  return albumKindOf(media) === albumKindOf(edit);
}

/** Whether the messages of one send are one album. Pure. */
export function isAlbum(parts: readonly Pick<OutgoingPart, 'extra'>[]): boolean {
  const [first] = parts;
  return first?.extra.groupedId !== undefined && parts.every(({ extra }) => extra.groupedId === first.extra.groupedId);
}

/**
 * The albums of messages that are forwarded together: each album gets a new id, unless only one of its messages is forwarded. Pure, except for the ids.
 * @param groupedIds the albums of the forwarded messages; undefined for messages in no album
 */
export function regroup(groupedIds: readonly (bigint | undefined)[], newId: () => bigint): (bigint | undefined)[] {
  const fresh = new Map<bigint, bigint>();
  return groupedIds.map((id) => {
    if (id === undefined || groupedIds.filter((other) => other === id).length === 1) return undefined;
    if (!fresh.has(id)) fresh.set(id, newId());
    return fresh.get(id);
  });
}
