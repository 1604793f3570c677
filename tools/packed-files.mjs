// What the scripts that make packages share.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './dependencies.mjs';

export const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

export const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** Paths of all files below a folder. */
export function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** @throws Error when a file below a folder names a folder of this machine */
export function checkNoPaths(folder) {
  for (const path of listFiles(folder)) {
    if (readFileSync(path).includes(root)) throw new Error(`${path} contains the path of this repository`);
  }
}
