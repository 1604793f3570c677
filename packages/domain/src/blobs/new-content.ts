import { createBlobKey, cryptBlob, fileIdentity, hashBlocks } from '@aerogram/blob';

import type { DomainDeps } from '../shared/index.ts';
import type { NewContent } from './blob-writes.ts';

const NAME_BYTES = 16;

/** Prepares bytes that the server has made for the blob store. */
export function prepareContent({ random, fileStorage }: Pick<DomainDeps, 'random' | 'fileStorage'>, bytes: Uint8Array): NewContent {
  const [key, blockHashes, size] = [createBlobKey(random), hashBlocks(bytes), bytes.length];
  const name = Buffer.from(random.bytes(NAME_BYTES)).toString('hex');
  const put = (): Promise<void> => fileStorage.store.put(name, size, once(cryptBlob(key, 0, bytes)));
  return { identity: fileIdentity(size, blockHashes), name, size, wrappedKey: fileStorage.keys.wrap(key), blockHashes, put };
}

/** Yields these bytes, once. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
