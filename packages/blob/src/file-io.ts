import { type FileHandle, readdir, unlink } from 'node:fs/promises';

/** The error code of a failed call of the file system. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

/** What a call of the file system answers, or undefined if there is no such file. */
export async function ifThere<T>(opening: Promise<T>): Promise<T | undefined> {
  try {
    return await opening;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Deletes a file, if it exists. `rm` does the same with one call of the system more. */
export async function unlinkIfThere(file: string): Promise<void> {
  await unlink(file).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
}

/** Reads up to `length` bytes at `offset`; fewer only at the end of the file. */
export async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

/** Writes all bytes at `offset`, however many calls that takes. */
export async function writeAt(file: FileHandle, offset: number, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
  }
}

/** The names in a directory, sorted; none if it does not exist. */
export async function listSorted(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}

/** The system calls of Node share four threads; a sync may hold one for seconds. */
const MOST_SYNCS = 2;
let syncs = 0;
const waiting: (() => void)[] = [];

/** Waits until the content of a file would survive a power failure. At most two syncs run at once, so that reads and writes go on. */
export async function syncFile(file: FileHandle): Promise<void> {
  if (syncs >= MOST_SYNCS) await new Promise<void>((resolve) => waiting.push(resolve));
  else syncs++;
  try {
    await file.sync();
  } finally {
    // The place of this sync goes to the next one.
    const next = waiting.shift();
    if (next) next();
    else syncs--;
  }
}
