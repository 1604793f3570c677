import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import type { RawAccount } from './raw-account.ts';

/** A file whose parts are in the server, or will be. */
export interface UploadedFile {
  fileId: bigint;
  /** Number of parts. */
  parts: number;
}

/**
 * Uploads a file, one part after the other, and sends it to the account itself.
 * @param partOf the parts by number; all but the last are of the same length
 * @returns where the file can be loaded from
 */
export async function sendFile(account: RawAccount, parts: number, partOf: (part: number) => Uint8Array): Promise<tl.inputDocumentFileLocation> {
  const fileId = systemRandom.int63();
  for (let part = 0; part < parts; part++) {
    await account.call<'upload.saveBigFilePart'>({ _: 'upload.saveBigFilePart', file_id: fileId, file_part: part, file_total_parts: parts, bytes: partOf(part) });
  }
  return sendUploaded(account, { fileId, parts });
}

/** Sends an uploaded file to the account itself. @returns where the file can be loaded from */
export async function sendUploaded(account: RawAccount, { fileId, parts }: UploadedFile): Promise<tl.inputDocumentFileLocation> {
  const sent = await account.call<'messages.sendMedia'>({
    _: 'messages.sendMedia', peer: { _: 'inputPeerSelf' }, message: '', random_id: systemRandom.int63(),
    media: { _: 'inputMediaUploadedDocument', file: { _: 'inputFileBig', id: fileId, parts, name: 'a' }, mime_type: 'application/octet-stream', attributes: [] },
  });
  for (const update of 'updates' in sent ? sent.updates : []) {
    if (update._ !== 'updateNewMessage' || update.message._ !== 'message' || update.message.media?._ !== 'messageMediaDocument') continue;
    const { document } = update.message.media;
    if (document?._ !== 'document') continue;
    const { id, access_hash, file_reference } = document;
    return { _: 'inputDocumentFileLocation', id, access_hash, file_reference, thumb_size: '' };
  }
  throw new Error(`${sent._} shows no document`);
}
