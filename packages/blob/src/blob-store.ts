/** The bytes of a blob cannot be read, because the store has no blob of that name. */
export class BlobMissing extends Error {
  override name = 'BlobMissing';
  readonly blob: string;

  constructor(blob: string) {
    super(`the blob ${blob} is missing`);
    this.blob = blob;
  }
}

/** A source ended before the announced size, or gave more. Nothing was stored. */
export class BlobSizeMismatch extends Error {
  override name = 'BlobSizeMismatch';
}

/** The store cannot be reached, or refuses to work. The same call may succeed later. */
export class BlobStoreUnavailable extends Error {
  override name = 'BlobStoreUnavailable';
}

/** One blob in a listing. */
export interface BlobEntry {
  name: string;
  /** In bytes. */
  size: number;
}

/** Which blobs to list. */
export interface BlobListing {
  /** Only names that begin with this. */
  prefix?: string;
  /** Only names that sort after this one: the last name of the page before. */
  after?: string;
  /** The most entries of one page. */
  limit: number;
}

/**
 * Keeps blobs: named byte strings that never change. Names are 8 to 128 lower-case hex digits, chosen by the caller, who never gives a name
 * to two contents. Stores know nothing of encryption: they are given ciphertext. Besides the named errors, calls throw those of the file
 * system, or BlobStoreUnavailable.
 */
export interface BlobStore {
  /**
   * Stores a blob, whole or not at all; after the call it survives a power failure. If the name exists already, the call succeeds and the
   * stored blob stays as it is.
   * @param size of the whole blob in bytes
   * @throws BlobSizeMismatch when the source has another size
   */
  put(name: string, size: number, source: AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * Stores a finished local file, like `put`. The file is not changed and stays where it is; the caller deletes it, and never writes to it
   * again, because a store on the same disk keeps a hard link instead of a copy.
   * @throws BlobSizeMismatch when the file has another size
   */
  adopt(path: string, name: string, size: number): Promise<void>;
  /**
   * Reads up to `length` bytes at `offset`; less, or nothing, when the blob ends before.
   * @throws BlobMissing
   */
  read(name: string, offset: number, length: number): Promise<Uint8Array>;
  /**
   * Reads a blob from `from` to its end, in pieces of any size up to 512 KiB.
   * @throws BlobMissing at the first step
   */
  readStream(name: string, from?: number): AsyncIterable<Uint8Array>;
  /** The size of a blob in bytes; undefined if there is none of that name. */
  stat(name: string): Promise<{ size: number } | undefined>;
  /** Deletes a blob. Succeeds if there is none. */
  remove(name: string): Promise<void>;
  /** One page of the blobs in the order of their names. An empty page is the last one. */
  list(listing: BlobListing): Promise<BlobEntry[]>;
  /**
   * Deletes what interrupted calls of `put` and `adopt` left behind.
   * @param beforeMs only what was begun before this time, in milliseconds since 1970
   * @returns how many leftovers were deleted
   */
  removeLeftovers(beforeMs: number): Promise<number>;
  /** To whom the blobs belong, as `setOwner` stored it; undefined if it never did. */
  findOwner(): Promise<string | undefined>;
  /**
   * Stores to whom the blobs belong, so that two servers do not take one store for theirs and delete each other's blobs. After the call it survives a power failure.
   * @param owner a short text
   * @param how.replaces false: an owner that is stored already stays, so read it again afterwards
   */
  setOwner(owner: string, how: { replaces: boolean }): Promise<void>;
}

/** Bytes that a store or an upload reads or writes at once when it goes through a whole file. */
export const STEP_BYTES = 512 * 1024;

const NAME = /^[0-9a-f]{8,128}$/;

/** Whether a name has the form of the names of blobs. */
export function isBlobName(name: string): boolean {
  return NAME.test(name);
}

/**
 * Checks a name before it becomes part of a path or key.
 * @throws RangeError
 */
export function checkBlobName(name: string): void {
  if (!isBlobName(name)) throw new RangeError(`"${name}" is not a name of a blob`);
}
