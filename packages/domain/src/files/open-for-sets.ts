import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { BlobReader } from '../blobs/index.ts';
import type { FileAccess, StoredDocument } from '../documents/index.ts';
import type { BundledFiles } from '../sticker-sets/index.ts';
import type { SetSource } from '../uploads/index.ts';

interface Parts {
  bundled: Pick<BundledFiles, 'access' | 'openNamed'>;
  access: Pick<FileAccess<StoredDocument>, 'accessToCopy'>;
  read: BlobReader['read'];
}

/**
 * Creates what opens the documents that people put into sticker sets: those that they have uploaded, and those that they may read and copy.
 * @throws RpcError STICKER_FILE_INVALID, and as {@link FileAccess.accessToCopy}
 */
export function openForSets({ bundled, access, read }: Parts): (userId: bigint, input: tl.InputDocument) => Promise<SetSource> {
  return async (userId, input) => {
    if (input._ !== 'inputDocument') throw rpcError('STICKER_FILE_INVALID');
    const named = bundled.access(userId, input, 'STICKER_FILE_INVALID') && bundled.openNamed(input.id, '');
    if (named !== undefined) return { id: input.id, mimeType: named.mimeType, size: named.size, read: (from, to) => named.read(from, to - from) };
    const { document, blob } = await access.accessToCopy(userId, input, 'STICKER_FILE_INVALID');
    return { id: document.id, mimeType: document.mime_type, size: blob.size, read: (from, to) => read(blob, from, to - from) };
  };
}
