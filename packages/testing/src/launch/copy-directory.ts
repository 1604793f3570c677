import { constants } from 'node:fs';
import { chmod, copyFile, lchown, lstat, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/** How many files are copied at the same time. */
const AT_ONCE = 16;

/**
 * Copies a directory with modes and links, and with owners if this process may set them. File systems that can share blocks between files do so, which takes no space.
 * The folder's own sockets and pipes are left out.
 * @param target must not exist
 */
export async function copyDirectory(source: string, target: string): Promise<void> {
  const copies: (() => Promise<void>)[] = [];
  await walk(source, target, copies);
  const next = copies.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const copy of next) await copy();
    }),
  );
}

/** Makes the folders, and adds what is left to do. */
async function walk(source: string, target: string, copies: (() => Promise<void>)[]): Promise<void> {
  const { mode, uid, gid } = await lstat(source);
  await mkdir(target, { mode: 0o700 });
  await chmod(target, mode & 0o7777);
  await keepOwner(target, uid, gid);
  const below: Promise<void>[] = [];
  for (const entry of await readdir(source, { withFileTypes: true })) {
    const from = join(source, entry.name);
    const to = join(target, entry.name);
    if (entry.isDirectory()) below.push(walk(from, to, copies));
    else if (entry.isSymbolicLink()) copies.push(async () => symlink(await readlink(from), to));
    else if (entry.isFile()) copies.push(() => copyOne(from, to));
  }
  await Promise.all(below);
}

async function copyOne(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  if (mayChown) {
    const { uid, gid } = await lstat(from);
    await keepOwner(to, uid, gid);
  }
}

/** Under root the database may belong to another user, because it refuses to run as root. */
const mayChown = process.geteuid?.() === 0;

async function keepOwner(path: string, uid: number, gid: number): Promise<void> {
  if (mayChown && uid !== 0) await lchown(path, uid, gid);
}
