import type { PartPlace } from '@aerogram/blob';
import { RpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';

import { type BlobReader, BlobTooShort, findBlob } from '../blobs/index.ts';
import { type EarlierUpload, hadPart } from './finished-upload-store.ts';

/**
 * Whether a part has arrived before, in an upload that was finished since. A client repeats a part whose answer was lost. The upload is deleted by then,
 * and a new one would use up the user's quota until it expires, because nobody finishes it. A part with another length or other bytes begins a new
 * upload: the client uses the id again.
 * @param earlier the finished upload of the same id
 */
export async function isStoredPart(
  { db, reader }: { db: Pick<Database, 'run'>; reader: Pick<BlobReader, 'read'> },
  earlier: EarlierUpload,
  part: PartPlace,
  bytes: Uint8Array,
): Promise<boolean> {
  if (!hadPart(earlier, part, bytes.length)) return false;
  const blob = await findBlob(db, earlier.identity);
  if (blob === undefined) return false;
  try {
    return Buffer.compare(await reader.read(blob, part.part * earlier.partSize, bytes.length), bytes) === 0;
  } catch (error) {
    // What is stored is lost or damaged; a new upload repairs it.
    if (error instanceof RpcError || error instanceof BlobTooShort) return false;
    throw error;
  }
}
