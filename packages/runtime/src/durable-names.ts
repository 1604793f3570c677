import { link, open } from 'node:fs/promises';

/** Waits until the names in a directory would survive a power failure. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open directories, and keeps their entries in its journal.
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/**
 * Gives a file a second name, unless that name exists.
 * @returns whether the name is new; of several processes that try at once, one gets true
 */
export async function linkExclusively(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
