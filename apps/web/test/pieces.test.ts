import { describe, expect, test } from 'vitest';
import { type Piece, pieces } from '../src/page/parts/pieces.ts';
import type { EntityKind, TextEntity } from '../src/protocol/index.ts';

const entity = (kind: EntityKind, offset: number, length: number): TextEntity => ({ kind, offset, length });
/** Writes pieces as `bold(text)`. */
const write = (parts: Piece[]): string => parts.map((part) => (typeof part === 'string' ? part : `${part.entity.kind}(${write(part.children)})`)).join('');
const plain = (parts: Piece[]): string => parts.map((part) => (typeof part === 'string' ? part : plain(part.children))).join('');

describe('pieces of a formatted text', () => {
  test('a text without formats is one piece', () => expect(pieces('hello', [])).toEqual(['hello']));

  test('formats stand in the order of the text, whatever the order of the entities', () => {
    expect(write(pieces('one two', [entity('italic', 4, 3), entity('bold', 0, 3)]))).toBe('bold(one) italic(two)');
  });

  test('a format within another one is nested', () => {
    expect(write(pieces('a bc d', [entity('bold', 0, 6), entity('italic', 2, 2)]))).toBe('bold(a italic(bc) d)');
  });

  test('formats that overlap are split at the bound', () => {
    expect(write(pieces('abcdef', [entity('bold', 0, 4), entity('italic', 2, 4)]))).toBe('bold(abitalic(cd))italic(ef)');
  });

  test('entities are cut at the bounds of the text', () => {
    expect(write(pieces('abc', [entity('bold', -2, 3), entity('italic', 2, 100), entity('code', 7, 2), entity('code', 1, 0)]))).toBe('bold(a)bitalic(c)');
  });

  test('offsets count UTF-16 code units', () => expect(write(pieces('😀 hi', [entity('bold', 3, 2)]))).toBe('😀 bold(hi)'));

  test('each character is drawn once, however entities lie', () => {
    const text = 'the quick brown fox jumps';
    for (let seed = 1; seed < 200; seed++) {
      const random = (max: number, salt: number): number => (seed * 7919 + salt * 104_729) % max;
      const entities = Array.from({ length: 6 }, (_, index) => entity('bold', random(30, index) - 2, random(12, index + 10)));
      expect(plain(pieces(text, entities))).toBe(text);
    }
  });
});
