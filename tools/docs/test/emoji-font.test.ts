import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

/** Signs below are in fonts for text, which draw them as people expect: ©, ™, arrows. */
const FIRST_EMOJI = 0x2300;
/** Joins several emoji to one. */
const JOINER = 0x200d;
/** Countries are written as two of these, and their flags have a face of their own. */
const LETTERS_OF_FLAGS = /\p{Regional_Indicator}/u;

/** Ranges of code points for which a browser asks for each face. */
async function readFaces(): Promise<[from: number, to: number][][]> {
  const css = await readFile(new URL('../../../apps/web/src/styles/emoji-font.css', import.meta.url), 'utf8');
  return [...css.matchAll(/unicode-range:([^;]*);/g)].map(([, ranges]) => [...ranges!.matchAll(/U\+([\dA-F]+)(?:-([\dA-F]+))?/g)].map(([, from, to = from]) => [parseInt(from!, 16), parseInt(to!, 16)]));
}

test('the font with emoji is asked for each emoji, and for no letter, digit or sign', async () => {
  const [emoji, flags] = await readFaces();
  const has = (face: [number, number][], point: number): boolean => face.some(([from, to]) => from <= point && point <= to);
  const missing: string[] = [];
  const wrong: string[] = [];
  for (let point = 0; point < 0x2_0000; point++) {
    const text = String.fromCodePoint(point);
    const isFetched = has(emoji!, point) || has(flags!, point);
    if (/\p{Emoji}/u.test(text) && point >= FIRST_EMOJI && !isFetched) missing.push(text);
    if (isFetched && point !== JOINER && (point < FIRST_EMOJI || /[\p{L}\p{Nd}]/u.test(text))) wrong.push(text);
    if (LETTERS_OF_FLAGS.test(text) && !has(flags!, point)) missing.push(text);
  }
  expect({ missing, wrong }).toEqual({ missing: [], wrong: [] });
});
