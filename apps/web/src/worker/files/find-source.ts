import type { tl } from '@mtcute/core';
import Long from 'long';
import type { FileRef } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import type { HistoryLoader } from '../load-history.ts';
import { inputLocation } from '../models/location.ts';
import type { MessageRow } from '../models/message.ts';
import { Refused } from '../refusal.ts';

/** Where the server has a file, and what is known of it. */
export interface Source {
  location: tl.TypeInputFileLocation;
  dc?: number;
  bytes?: number;
  mime: string;
}

/**
 * Finds where a file is.
 * @param isStale whether what is known of its message is too old
 * @throws Refused if the message is gone, or has another file now
 */
export async function findSource(account: Account, history: HistoryLoader, file: FileRef, { isStale = false } = {}): Promise<Source> {
  if (file.of === 'peer') {
    const location = { _: 'inputPeerPhotoFileLocation', peer: await account.inputPeer(file.peer), photoId: Long.fromString(file.photo), big: file.isBig } as const;
    return { location, mime: 'image/jpeg' };
  }
  const [row] = isStale ? await history.reload(file.peer, [file.message]) : await history.get(file.peer, [file.message]);
  const location = row?.locations?.[file.file];
  if (!row || !location) throw new Refused({ code: 'FILE_ID_INVALID' });
  return { location: inputLocation(location, file.size), dc: location.dc, ...factsOf(row, file.size) };
}

/** Length and type of one size of the file of a message. Pure. */
function factsOf({ media }: MessageRow, size: string): { bytes?: number; mime: string } {
  if (media?.kind === 'document' && size === '') return { bytes: media.document.bytes, mime: media.document.mime };
  const photo = media?.kind === 'photo' || media?.kind === 'page' ? media.photo : undefined;
  const found = photo?.sizes.find(({ name }) => name === size) ?? (media?.kind === 'document' ? media.document.thumb : undefined);
  return { bytes: found?.bytes, mime: 'image/jpeg' };
}
