import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes that are looked for, and what they are. */
export interface Needle {
  what: string;
  bytes: Buffer;
}

const MIB = 1024 * 1024;
const CHUNK_BYTES = 8 * MIB;
const PIECE_BYTES = 64;

/** Several pieces of some content. @param count how many, spread evenly over it */
export function piecesOf(what: string, content: Uint8Array, count = 8): Needle[] {
  const step = Math.floor((content.length - PIECE_BYTES) / (count - 1));
  return Array.from({ length: count }, (_, i) => ({ what: `${what}, from ${i * step}`, bytes: Buffer.from(content.subarray(i * step, i * step + PIECE_BYTES)) }));
}

/** A short secret, in the forms in which a program may hold it: as it is, hex and base64. */
export function formsOfBytes(what: string, secret: Uint8Array): Needle[] {
  const bytes = Buffer.from(secret);
  const texts = [bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, '')];
  return [{ what, bytes }, ...texts.flatMap((text) => formsOfText(what, text))];
}

/** A text as UTF-8 and as UTF-16: JavaScript holds strings in either form. */
export function formsOfText(what: string, text: string): Needle[] {
  return [{ what, bytes: Buffer.from(text) }, { what: `${what}, UTF-16`, bytes: Buffer.from(text, 'utf16le') }];
}

/** Finds which needles are in the memory, the environment or the command line of a process. */
export function searchProcess(pid: number, needles: readonly Needle[]): Set<string> {
  const found = new Set<string>();
  for (const name of ['environ', 'cmdline']) searchBytes(readFileSync(`/proc/${pid}/${name}`), needles, found);
  const overlap = Math.max(...needles.map(({ bytes }) => bytes.length));
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const { start, end } of listReadable(pid)) {
      for (let at = start; at < end; at += CHUNK_BYTES - overlap) searchBytes(readMemory(memory, chunk, at, Math.min(CHUNK_BYTES, end - at)), needles, found);
    }
  } finally {
    closeSync(memory);
    // The copy has what was looked for only if the process had it.
    chunk.fill(0);
  }
  return found;
}

/** Finds which needles are in the files of a directory. */
export function searchDirectory(directory: string, needles: readonly Needle[]): Set<string> {
  const found = new Set<string>();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) searchBytes(readFileSync(join(entry.parentPath, entry.name)), needles, found);
  }
  return found;
}

function searchBytes(bytes: Buffer, needles: readonly Needle[], found: Set<string>): void {
  for (const needle of needles) if (!found.has(needle.what) && bytes.includes(needle.bytes)) found.add(needle.what);
}

function listReadable(pid: number): { start: number; end: number }[] {
  const regions: { start: number; end: number }[] = [];
  for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
    const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) r.{3} (?!.*\[v(?:var|syscall))/.exec(line) ?? [];
    if (from !== undefined && to !== undefined) regions.push({ start: Number(`0x${from}`), end: Number(`0x${to}`) });
  }
  return regions;
}

/** @returns the bytes that are there: a region may have gone meanwhile */
function readMemory(memory: number, chunk: Buffer, at: number, length: number): Buffer {
  try {
    return chunk.subarray(0, readSync(memory, chunk, 0, length, at));
  } catch {
    return chunk.subarray(0, 0);
  }
}
