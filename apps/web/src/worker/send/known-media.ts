import type { tl } from '@mtcute/core';
import Long from 'long';
import type { MessageRow } from '../models/message.ts';
import { Refused } from '../refusal.ts';

/** Names the file of a message that the server has: one that was uploaded from here, or one that was there before. Pure. */
export function knownMedia(row: MessageRow): tl.TypeInputMedia | undefined {
  return row.uploaded === undefined ? documentOf(row) : withLongs(row.uploaded);
}

/** Gives numbers of 64 bits their methods back, which the database does not keep. Pure. */
function withLongs<T>(value: T): T {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(withLongs) as T;
  if ('low' in value && 'high' in value) return Long.fromBits(value.low as number, value.high as number) as T;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withLongs(each as unknown)])) as T;
}

/** Names the file of a message that was on the server before. Pure. */
function documentOf({ media, locations }: MessageRow): tl.TypeInputMedia | undefined {
  const location = media?.kind === 'document' ? locations?.[media.document.id] : undefined;
  if (!location) return undefined;
  const { id, accessHash, fileReference } = location;
  return { _: 'inputMediaDocument', id: { _: 'inputDocument', id: Long.fromString(id), accessHash: Long.fromString(accessHash), fileReference } };
}

/** Names media that the server has stored. Pure. @throws Refused MEDIA_INVALID */
export function inputOf(media: tl.TypeMessageMedia): tl.TypeInputMedia {
  if (media._ === 'messageMediaPhoto' && media.photo?._ === 'photo') {
    const { id, accessHash, fileReference } = media.photo;
    return { _: 'inputMediaPhoto', id: { _: 'inputPhoto', id, accessHash, fileReference }, spoiler: media.spoiler };
  }
  if (media._ === 'messageMediaDocument' && media.document?._ === 'document') {
    const { id, accessHash, fileReference } = media.document;
    return { _: 'inputMediaDocument', id: { _: 'inputDocument', id, accessHash, fileReference }, spoiler: media.spoiler };
  }
  throw new Refused({ code: 'MEDIA_INVALID' });
}
