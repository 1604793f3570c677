import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import path from 'node:path';

const CHUNK_BYTES = 1 << 18;
/** Files copied at the same time; disks handle several requests at once. */
const PARALLEL = 16;
/** A gentle copy hands so many bytes to the disk at once: more of them would make whoever commits meanwhile wait. */
const GENTLE_BYTES = 1 << 22;
/** The most files of a group of a gentle copy. */
const GENTLE_FILES = 64;

/** Rests after a piece of work, so that others get at the disk. @param workedMs how long the work took, in milliseconds */
export type Rest = (workedMs: number) => Promise<void>;

/**
 * Runs `fn` for each item, several at a time. After the first failure no further item is started; the error is thrown when the running ones
 * have ended.
 */
export async function forEachOf<T>(items: readonly T[], fn: (item: T) => Promise<unknown>, parallel = PARALLEL): Promise<void> {
  const queue = items.values();
  const failures: unknown[] = [];
  const work = async (): Promise<void> => {
    for (const item of queue) {
      if (failures.length > 0) return;
      await fn(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  if (failures.length > 0) throw failures[0];
}

/** Divides files into groups, each of which a gentle copy hands to the disk at once. */
export function* inGentleGroups<T extends { size: number }>(files: readonly T[]): Generator<T[]> {
  let group: T[] = [];
  let bytes = 0;
  for (const file of files) {
    if (group.length > 0 && (bytes + file.size > GENTLE_BYTES || group.length === GENTLE_FILES)) {
      yield group;
      [group, bytes] = [[], 0];
    }
    group.push(file);
    bytes += file.size;
  }
  if (group.length > 0) yield group;
}

/**
 * Copies one file.
 * @param options.isSynced false if the program that opens it will sync it to disk
 * @param options.rest copies gently: a large file a little at a time, with rests
 * @returns size and hash of the copied file, or undefined when the file no longer exists
 */
export async function copyFile(
  from: string,
  to: string,
  { isSynced = true, rest }: { isSynced?: boolean; rest?: Rest | undefined } = {},
): Promise<{ size: number; sha256: string } | undefined> {
  let source: FileHandle;
  try {
    source = await open(from, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
    const target = await open(to, 'wx', 0o600);
    try {
      const hash = createHash('sha256');
      const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
      let size = 0;
      let waiting = 0;
      let fromMs = performance.now();
      const hold = async (): Promise<void> => {
        await target.datasync();
        await rest?.(performance.now() - fromMs);
        waiting = 0;
        fromMs = performance.now();
      };
      for (;;) {
        const { bytesRead } = await source.read(buffer, 0, CHUNK_BYTES);
        if (bytesRead === 0) break;
        const chunk = buffer.subarray(0, bytesRead);
        hash.update(chunk);
        await target.writeFile(chunk);
        size += bytesRead;
        waiting += bytesRead;
        if (rest !== undefined && waiting >= GENTLE_BYTES) await hold();
      }
      if (isSynced) await target.sync();
      return { size, sha256: hash.digest('hex') };
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** A part of a directory tree, with paths relative to its root. */
export interface Tree {
  files: string[];
  directories: string[];
}

/** Lists a tree, without what `isWanted` rejects; a rejected directory is left out with its contents. */
export async function listTree(root: string, isWanted: (relative: string) => boolean): Promise<Tree> {
  const tree: Tree = { files: [], directories: [] };
  const visit = async (directory: string): Promise<void> => {
    for (const entry of await readdir(path.join(root, directory), { withFileTypes: true })) {
      const relative = path.join(directory, entry.name);
      if (!isWanted(relative)) continue;
      if (entry.isDirectory()) {
        tree.directories.push(relative);
        await visit(relative);
      } else if (entry.isFile()) {
        tree.files.push(relative);
      }
    }
  };
  await visit('');
  return tree;
}
