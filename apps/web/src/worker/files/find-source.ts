import type { tl } from '@mtcute/core';
import Long from 'long';
import type { Document, FileRef, MessageId, PeerId } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import type { KeptFiles } from '../kept-files.ts';
import type { HistoryLoader } from '../load-history.ts';
import { inputLocation, inputWebLocation } from '../models/location.ts';
import { findFile } from '../models/media-kinds.ts';
import type { MessageRow } from '../models/message.ts';
import { Refused } from '../refusal.ts';
import type { StickerSets } from '../sticker-sets.ts';
import type { ShownFiles } from './shown-files.ts';

/** Where the server has a file, and what is known of it. */
export interface Source {
  location: tl.TypeInputFileLocation | tl.RawInputWebFileLocation;
  dc?: number;
  bytes?: number;
  mime: string;
  /** Disappears after it was seen, so nothing of it may stay. */
  isPassing?: boolean;
}

/** What knows where files are. */
export interface Places {
  account: Account;
  history: HistoryLoader;
  kept: KeptFiles;
  shown: ShownFiles;
  stickers: StickerSets;
}

/**
 * Finds where a file is.
 * @param isStale whether what is known of it is too old
 * @throws Refused if its message is gone or has another file now, or the account keeps it no more
 */
export async function findSource({ account, history, kept, shown, stickers }: Places, file: FileRef, isStale = false): Promise<Source> {
  if (file.of === 'peer') {
    const location = { _: 'inputPeerPhotoFileLocation', peer: await account.inputPeer(file.peer), photoId: Long.fromString(file.photo), big: file.isBig } as const;
    return { location, mime: 'image/jpeg' };
  }
  if (file.of === 'kept') {
    if (isStale) await kept.load(file.list);
    const found = await kept.find(file.list, file.file);
    if (!found) throw new Refused({ code: 'FILE_ID_INVALID' });
    return { location: inputLocation(found.location, file.size), dc: found.location.dc, ...documentFacts(found.document, file.size) };
  }
  if (file.of === 'sticker') {
    const { document, location } = await stickers.file(file.file, isStale);
    return { location: inputLocation(location, file.size), dc: location.dc, ...documentFacts(document, file.size) };
  }
  if (file.of === 'shown') {
    const location = shown.find(file.file);
    if (!location) throw new Refused({ code: 'FILE_ID_INVALID' });
    if (location.kind === 'web') return { location: inputWebLocation(location), mime: 'image/jpeg' };
    return { location: inputLocation(location, file.size), dc: location.dc, mime: 'image/jpeg' };
  }
  const row = file.message === 0 ? account.store.outgoing(file.peer).find(({ locations }) => locations?.[file.file]) : await findRow(history, file, isStale);
  const location = row?.locations?.[file.file];
  if (!row || !location) throw new Refused({ code: 'FILE_ID_INVALID' });
  return { location: inputLocation(location, file.size), dc: location.dc, ...factsOf(row, file), isPassing: isPassing(row) };
}

async function findRow(history: HistoryLoader, { peer, message }: { peer: PeerId; message: MessageId }, isStale: boolean): Promise<MessageRow | undefined> {
  const [row] = isStale ? await history.reload(peer, [message]) : await history.get(peer, [message]);
  return row;
}

const isPassing = ({ media }: MessageRow): boolean => media !== undefined && 'ttl' in media && media.ttl !== undefined;

/** Length and type of one size of a file of a message. Pure. */
function factsOf({ media }: MessageRow, { file, size }: { file: string; size: string }): { bytes?: number; mime: string } {
  const found = findFile(media, file);
  if (found !== undefined && 'mime' in found) return documentFacts(found, size);
  return { bytes: found?.sizes.find(({ name }) => name === size)?.bytes, mime: 'image/jpeg' };
}

const documentFacts = ({ bytes, mime, thumb }: Document, size: string): { bytes?: number; mime: string } => (size === '' ? { bytes, mime } : { bytes: thumb?.bytes, mime: 'image/jpeg' });
