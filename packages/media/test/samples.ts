import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Reads a file of `samples/`. */
export function readSample(name: string): Buffer {
  return readFileSync(new URL(`samples/${name}`, import.meta.url));
}

/** Makes a file with ffmpeg that would be too long for `samples/`. @param args what comes in and how it is written, without the output */
export function drawSample(...args: string[]): Buffer {
  return execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args, 'pipe:1'], { maxBuffer: 64 * 1024 * 1024 });
}

/** As {@link drawSample}, for formats whose header is written last. @param name the end of which names the format */
export function drawSeekableSample(name: string, ...args: string[]): Buffer {
  const folder = mkdtempSync(path.join(tmpdir(), 'sample-'));
  try {
    execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args, path.join(folder, name)]);
    return readFileSync(path.join(folder, name));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The place behind the n-th occurrence of a box type or another text in a file. */
export function findBehind(file: Buffer, text: string, nth = 1): number {
  let at = -1;
  for (let n = 0; n < nth; n++) at = file.indexOf(text, at + 1, 'latin1');
  if (at === -1) throw new Error(`no ${text} in the sample`);
  return at + text.length;
}
