import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import type { RawAccount } from './raw-account.ts';

/** The longest part that the server takes. */
const PART_BYTES = 512 * 1024;

/** A file whose parts are in the server, or will be. */
export interface UploadedFile {
  fileId: bigint;
  /** Number of parts. */
  parts: number;
}

/** Where an uploaded file goes, and under which name. */
export interface SentTo {
  /** By default the account itself. */
  peer?: tl.InputPeer;
  name?: string;
}

/**
 * Uploads a file, one part after the other, and sends it.
 * @param partOf the parts by number; all but the last are of the same length
 * @returns where the file can be loaded from
 */
export async function sendFile(account: RawAccount, parts: number, partOf: (part: number) => Uint8Array, to?: SentTo): Promise<tl.inputDocumentFileLocation> {
  const fileId = systemRandom.int63();
  for (let part = 0; part < parts; part++) {
    await account.call<'upload.saveBigFilePart'>({ _: 'upload.saveBigFilePart', file_id: fileId, file_part: part, file_total_parts: parts, bytes: partOf(part) });
  }
  return sendUploaded(account, { fileId, parts }, to);
}

/** Uploads these bytes and sends them. @returns where the file can be loaded from */
export function sendContent(account: RawAccount, content: Uint8Array, to?: SentTo): Promise<tl.inputDocumentFileLocation> {
  return sendFile(account, Math.ceil(content.length / PART_BYTES), (part) => content.subarray(part * PART_BYTES, (part + 1) * PART_BYTES), to);
}

/** Sends an uploaded file. @returns where the file can be loaded from */
export function sendUploaded(account: RawAccount, { fileId, parts }: UploadedFile, { peer = { _: 'inputPeerSelf' }, name = 'a' }: SentTo = {}): Promise<tl.inputDocumentFileLocation> {
  const file: tl.InputFile = { _: 'inputFileBig', id: fileId, parts, name };
  return sendMedia(account, peer, { _: 'inputMediaUploadedDocument', file, mime_type: 'application/octet-stream', attributes: [] });
}

/** Sends a file on to another account, which is connected and knows nothing else. @returns where that one can load it from */
export async function passFile(account: RawAccount, { id, access_hash, file_reference }: tl.inputDocumentFileLocation, to: RawAccount): Promise<tl.inputDocumentFileLocation> {
  await account.meet(to);
  const arrived = new Promise<tl.inputDocumentFileLocation>((resolve) => {
    to.onUpdates = (updates) => {
      const location = findLocation(updates);
      if (location) resolve(location);
    };
  });
  await sendMedia(account, account.inputPeer(to), { _: 'inputMediaDocument', id: { _: 'inputDocument', id, access_hash, file_reference } });
  return await arrived;
}

async function sendMedia(account: RawAccount, peer: tl.InputPeer, media: tl.InputMedia): Promise<tl.inputDocumentFileLocation> {
  const location = findLocation(await account.call<'messages.sendMedia'>({ _: 'messages.sendMedia', peer, message: '', random_id: systemRandom.int63(), media }));
  if (!location) throw new Error('the answer shows no document');
  return location;
}

/** Where the document of the first new message can be loaded from. */
function findLocation(updates: tl.Updates): tl.inputDocumentFileLocation | undefined {
  for (const update of 'updates' in updates ? updates.updates : []) {
    if ((update._ !== 'updateNewMessage' && update._ !== 'updateNewChannelMessage') || update.message._ !== 'message' || update.message.media?._ !== 'messageMediaDocument') continue;
    const { document } = update.message.media;
    if (document?._ !== 'document') continue;
    const { id, access_hash, file_reference } = document;
    return { _: 'inputDocumentFileLocation', id, access_hash, file_reference, thumb_size: '' };
  }
  return undefined;
}
