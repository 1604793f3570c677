import { BlobStoreUnavailable, PartBusy, UploadKeyMissing } from '@aerogram/blob';
import { DiskFull } from '@aerogram/storage';

/** After how many seconds a client should ask again when the blob store could not be reached, or this process lacks a master key. */
const STORE_AWAY_WAIT_S = 10;
/** After how many seconds a client should send a part again that another process is writing. */
const PART_BUSY_WAIT_S = 2;

/** The error codes of a disk that takes no more bytes, or no more of this user of the system. */
const NO_ROOM: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);

/** The bytes of files cannot be read or written now. Nothing is damaged, and the same call may succeed later. */
export class FilesUnavailable extends Error {
  override readonly name = 'FilesUnavailable';
  /** After how many seconds the client should repeat the call. */
  readonly waitS: number;

  constructor(waitS: number, cause: Error) {
    super(cause.message, { cause });
    this.waitS = waitS;
  }
}

/**
 * Runs work with the bytes of files, and turns failures that will pass into errors that tell the client to wait. Nothing is tried again
 * here: the client repeats the call, and the parts that have arrived are still there.
 * @throws DiskFull, FilesUnavailable, or what `work` throws
 */
export async function withFileStorage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BlobStoreUnavailable || error instanceof UploadKeyMissing) throw new FilesUnavailable(STORE_AWAY_WAIT_S, error);
    if (error instanceof PartBusy) throw new FilesUnavailable(PART_BUSY_WAIT_S, error);
    if (NO_ROOM.has((error as NodeJS.ErrnoException | undefined)?.code)) throw new DiskFull('the disk with the files is full', { cause: error });
    throw error;
  }
}
