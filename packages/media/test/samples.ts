import { readFileSync } from 'node:fs';

/** Reads a file of `samples/`. */
export function readSample(name: string): Buffer {
  return readFileSync(new URL(`samples/${name}`, import.meta.url));
}

/** The place behind the n-th occurrence of a box type or another text in a file. */
export function findBehind(file: Buffer, text: string, nth = 1): number {
  let at = -1;
  for (let n = 0; n < nth; n++) at = file.indexOf(text, at + 1, 'latin1');
  if (at === -1) throw new Error(`no ${text} in the sample`);
  return at + text.length;
}
