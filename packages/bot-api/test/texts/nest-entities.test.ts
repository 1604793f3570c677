import { expect, test } from 'vitest';

import { nestEntities } from '../../src/texts/nest-entities.ts';
import { parseEntities } from '../../src/texts/parse-entities.ts';
import { shownEntities } from './shown-text.ts';

const TEXT = 'x'.repeat(100);
const TYPES = { b: 'bold', i: 'italic', u: 'underline', q: 'blockquote', c: 'code', p: 'pre', l: 'text_link' } as const;

/** Entities written as letters of {@link TYPES} with first and last place, such as `b0-5 i3-8`. */
function entitiesOf(written: string): unknown[] {
  return written.split(' ').map((item) => {
    const [from, to] = item.slice(1).split('-').map(Number) as [number, number];
    return { type: TYPES[item[0] as keyof typeof TYPES], offset: from, length: to - from, url: 'example.org' };
  });
}

test.each([
  ['b0-5', 'bold 0+5'],
  ['b0-9 i2-7 u2-5', 'bold 0+9, italic 2+5, underline 2+3'],
  ['q0-9 l1-5 b2-4', 'blockquote 0+9, text_link 1+4 http://example.org/, bold 2+2'],
  ['b0-5 b2-8', 'bold 0+8'],
  ['b0-5 b5-8', 'bold 0+8'],
  ['b0-5 b6-8', 'bold 0+5, bold 6+2'],
  ['b0-5 i3-8', 'bold 0+5, italic 3+2, italic 5+3'],
  ['b0-5 i3-8 u4-7', 'bold 0+5, italic 3+2, underline 4+1, italic 5+3, underline 5+2'],
  ['p0-5 c0-5', 'pre 0+5'],
  ['p0-5 b0-5', 'pre 0+5'],
  ['b0-9 c3-5', 'bold 0+3, code 3+2, bold 5+4'],
  ['c3-5 i4-8', 'code 3+2, italic 5+3'],
  ['l0-5 l3-8', 'text_link 0+5 http://example.org/'],
  ['l0-5 c3-4', 'text_link 0+5 http://example.org/'],
  ['b0-4 l2-8', 'bold 0+2, text_link 2+6 http://example.org/, bold 2+2'],
  ['l0-4 b2-8', 'text_link 0+4 http://example.org/, bold 2+2, bold 4+4'],
  ['b0-9 l2-5', 'bold 0+9, text_link 2+3 http://example.org/'],
  ['q0-5 q3-8', 'blockquote 0+5'],
  ['q0-9 q3-5', 'blockquote 0+9'],
  ['q3-8 l0-5', 'blockquote 3+5'],
  ['q3-8 l6-9', 'blockquote 3+5'],
  ['q3-8 l0-9', 'blockquote 3+5'],
  ['q3-8 b0-5', 'bold 0+3, blockquote 3+5, bold 3+2'],
  ['q3-8 b0-9', 'bold 0+9, blockquote 3+5'],
])('%s become: %s', (written, nested) => {
  expect(shownEntities(nestEntities(parseEntities(TEXT, entitiesOf(written))))).toBe(nested);
});

test('of any two entities that overlap one lies in the other', () => {
  let seed = 1;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 300; round++) {
    const letters = Object.keys(TYPES);
    const written = Array.from({ length: 12 }, () => {
      const from = random(90);
      return `${letters[random(letters.length)]!}${from}-${from + 1 + random(10)}`;
    }).join(' ');
    const nested = nestEntities(parseEntities(TEXT, entitiesOf(written)));
    expect(nestEntities(nested), written).toEqual(nested);
    for (const [index, outer] of nested.entries()) {
      for (const inner of nested.slice(index + 1)) {
        const end = outer.offset + outer.length;
        expect(inner.offset >= end || inner.offset + inner.length <= end, written).toBe(true);
      }
    }
  }
});
