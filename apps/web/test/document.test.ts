import { describe, expect, test } from 'vitest';
import { readDocument, writeDocument } from '../src/page/composer/document.ts';
import { judgePaste } from '../src/page/composer/judge-paste.ts';
import { schema } from '../src/page/composer/schema.ts';
import { splitText } from '../src/page/composer/split-text.ts';
import type { EntityKind, FormattedText, TextEntity } from '../src/protocol/index.ts';

const entity = (kind: EntityKind, offset: number, length: number, rest: Partial<TextEntity> = {}): TextEntity => ({ kind, offset, length, ...rest });
const again = (text: string, ...entities: TextEntity[]): FormattedText => readDocument(writeDocument({ text, entities }));

describe('a text in the composer', () => {
  test.each<[string, string, TextEntity[]]>([
    ['plain lines', 'one\n\nthree', []],
    ['formats', 'bold and link', [entity('bold', 0, 4), entity('link', 9, 4, { url: 'https://example.com/' })]],
    ['formats within each other', 'abcdef', [entity('bold', 0, 6), entity('italic', 2, 2)]],
    ['a format over a line break', 'one\ntwo', [entity('blockquote', 0, 7)]],
    ['a mention', 'hi Carl', [entity('userMention', 3, 4, { user: 12 })]],
    ['code with its language', 'x = 1\ny = 2\nend', [entity('pre', 0, 11, { language: 'py' })]],
    ['code with an empty line', 'a\n\nb', [entity('pre', 0, 4)]],
    ['a quote that can be collapsed', 'long quote\nafter', [entity('blockquote', 0, 10, { isCollapsed: true })]],
    ['formats in a quote', 'a bold quote', [entity('blockquote', 0, 12), entity('bold', 2, 4)]],
    ['emoji', '😀 hi', [entity('bold', 3, 2)]],
  ])('comes back as it was: %s', (_, text, entities) => expect(again(text, ...entities)).toEqual({ text, entities }));

  test('very many lines are one block, and come back as they were', () => {
    const text = Array.from({ length: 5000 }, (_, line) => `line ${line}`).join('\n');
    expect(writeDocument({ text, entities: [] }).childCount).toBe(1);
    expect(again(text)).toEqual({ text, entities: [] });
  });

  test('what the composer does not know is left out', () => expect(again('@ann #tag', entity('mention', 0, 4), entity('hashtag', 5, 4))).toEqual({ text: '@ann #tag', entities: [] }));

  test('a link without an address, and a mention of nobody, are plain text', () => expect(again('ab', entity('link', 0, 1), entity('userMention', 1, 1)).entities).toEqual([]));

  test('a block within a line covers the line', () => expect(again('see this', entity('blockquote', 4, 4)).entities).toEqual([entity('blockquote', 0, 8)]));

  test('space around the whole is cut off, and formats with it', () => {
    const doc = schema.nodes.doc.create(null, [
      schema.nodes.paragraph.create(null, []),
      schema.nodes.paragraph.create(null, [schema.text('  hi '), schema.text('all ', [schema.marks.bold.create()])]),
    ]);
    expect(readDocument(doc)).toEqual({ text: 'hi all', entities: [entity('bold', 3, 3)] });
  });

  test('code has no other formats', () => expect(again('let x', entity('code', 0, 5), entity('bold', 0, 5)).entities.some(({ kind }) => kind === 'bold' || kind === 'code')).toBe(true));
});

describe('what is pasted', () => {
  test.each([
    ['a sentence with formats', { text: 'one two', html: '<b>one</b> two' }, 0, 'asItIs'],
    ['a long text', { text: 'a'.repeat(20_000), html: '' }, 0, 'plain'],
    ['many lines', { text: '\n'.repeat(2000), html: '' }, 0, 'plain'],
    ['a short text in very long HTML', { text: 'one', html: '<p>'.repeat(100_000) }, 0, 'plain'],
    ['very long HTML without a text', { text: '', html: '<p>'.repeat(100_000) }, 0, 'tooLong'],
    ['a text that no field takes', { text: 'a'.repeat(100_001), html: '' }, 0, 'tooLong'],
    ['a text that fits no more', { text: 'a'.repeat(60_000), html: '' }, 60_000, 'tooLong'],
  ])('is bounded: %s', (_, pasted, written, verdict) => expect(judgePaste(pasted, written)).toBe(verdict));
});

describe('a text that is too long for one message', () => {
  test('is parted after lines, else after words', () => {
    expect(splitText({ text: 'aaaa bbbb\ncccc dddd', entities: [] }, 12).map(({ text }) => text)).toEqual(['aaaa bbbb\n', 'cccc dddd']);
    expect(splitText({ text: 'aaaa bbbb cccc', entities: [] }, 10).map(({ text }) => text)).toEqual(['aaaa bbbb ', 'cccc']);
  });

  test('is counted in characters, and never parted within one', () => expect(splitText({ text: '😀😀😀a😀', entities: [] }, 3).map(({ text }) => text)).toEqual(['😀😀😀', 'a😀']));

  test('keeps its formats on both sides', () => {
    expect(splitText({ text: 'aaaabbbb', entities: [entity('bold', 2, 4)] }, 4)).toEqual([
      { text: 'aaaa', entities: [entity('bold', 2, 2)] },
      { text: 'bbbb', entities: [entity('bold', 0, 2)] },
    ]);
  });

  test('one that is short enough stays whole', () => expect(splitText({ text: '', entities: [] })).toEqual([{ text: '', entities: [] }]));
});
