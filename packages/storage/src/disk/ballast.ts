import { execFile } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { promisify } from 'node:util';

const CHUNK_BYTES = 1 << 20;

/** Creates a file of this size that really occupies space on the disk. */
export async function makeBallast(file: string, bytes: number): Promise<void> {
  const draft = `${file}.new`;
  try {
    rmSync(draft, { force: true });
    try {
      // Allocates the space without writing to it.
      await promisify(execFile)('fallocate', ['-l', String(bytes), draft]);
    } catch {
      const handle = await open(draft, 'w', 0o600);
      try {
        const zeros = Buffer.alloc(CHUNK_BYTES);
        for (let left = bytes; left > 0; left -= CHUNK_BYTES) await handle.write(zeros, 0, Math.min(left, CHUNK_BYTES));
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
    await rename(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Whether the ballast file exists at full size. */
export function hasBallast(file: string, bytes: number): boolean {
  return existsSync(file) && statSync(file).size === bytes;
}
