import { describe, expect, test } from 'vitest';

import { Params, paramsOf } from '../../src/params/params.ts';
import { CAPTION_NAMES, MESSAGE_TEXT_NAMES, QUOTE_NAMES, readText, SOURCE_MAX_BYTES, TEXT_NAMES } from '../../src/texts/read-text.ts';
import { shownEntities } from './shown-text.ts';

const bold = [{ type: 'bold', offset: 0, length: 5 }];
/** What a message gets from its parameters. */
const read = (params: Record<string, unknown>): [string, string] => {
  const { message, entities } = readText(new Params(new Map(Object.entries(params))), TEXT_NAMES);
  return [message, shownEntities(entities)];
};

describe('a text with its parameters', () => {
  test.each(['HTML', 'html', 'hTmL'])('parse_mode %s', (parse_mode) => {
    expect(read({ text: '<b>hello</b> *you*', parse_mode })).toEqual(['hello *you*', 'bold 0+5']);
  });

  test.each(['MarkdownV2', 'markdownv2'])('parse_mode %s', (parse_mode) => {
    expect(read({ text: '*hello* __you__', parse_mode })).toEqual(['hello you', 'bold 0+5, underline 6+3']);
  });

  test.each(['Markdown', 'MARKDOWN'])('parse_mode %s', (parse_mode) => {
    expect(read({ text: '*hello* _you_', parse_mode })).toEqual(['hello you', 'bold 0+5, italic 6+3']);
  });

  test.each([undefined, null, '', 'none', 'None'])('without a style, %s, entities count', (parse_mode) => {
    expect(read({ text: 'hello <b>', parse_mode, entities: bold })).toEqual(['hello <b>', 'bold 0+5']);
    expect(read({ text: 'hello <b>', parse_mode, entities: JSON.stringify(bold) })).toEqual(['hello <b>', 'bold 0+5']);
  });

  test('with a style, entities have no effect', () => {
    expect(read({ text: '<i>hello</i>', parse_mode: 'HTML', entities: [5] })).toEqual(['hello', 'italic 0+5']);
  });

  test('entities that are no JSON have no effect', () => {
    expect(read({ text: 'hello', entities: '[{' })).toEqual(['hello', '']);
  });

  test('another style is refused, but for a text that is empty', () => {
    for (const parse_mode of ['Markdown V2', 'md', 5, 'HTML ']) expect(() => read({ text: 'a', parse_mode })).toThrow('Bad Request: unsupported parse_mode');
    expect(read({ text: '', parse_mode: 'md' })).toEqual(['', '']);
    expect(read({})).toEqual(['', '']);
  });

  test('what markup leaves may be empty, and white space stays', () => {
    expect(read({ text: '<b></b>', parse_mode: 'HTML' })).toEqual(['', '']);
    expect(read({ text: ' <b> a </b>\n', parse_mode: 'HTML' })).toEqual(['  a \n', 'bold 1+3']);
  });

  test('carriage returns are taken out, and entities are moved', () => {
    expect(read({ text: '<b>a\r\nb</b>\r\n<i>\r</i><u>c</u>', parse_mode: 'HTML' })).toEqual(['a\nb\nc', 'bold 0+3, underline 4+1']);
    expect(read({ text: '>a\r\n>b\r\n', parse_mode: 'MarkdownV2' })).toEqual(['a\nb\n', 'blockquote 0+4']);
    expect(read({ text: 'a\r\nhello', entities: [{ type: 'bold', offset: 3, length: 5 }] })).toEqual(['a\nhello', 'bold 2+5']);
  });

  test('what is longer than the name of a language is none', () => {
    const word = 'x'.repeat(65);
    for (const [parse_mode, text] of [['MarkdownV2', `\`\`\`${word} a\`\`\``], ['Markdown', `\`\`\`${word} a\`\`\``], ['HTML', `<pre><code class="language-${word}"> a</code></pre>`]]) {
      expect(read({ text, parse_mode })).toEqual([' a', 'pre 0+2']);
    }
    expect(read({ text: 'hello', entities: [{ type: 'pre', offset: 0, length: 5, language: word }] })).toEqual(['hello', 'pre 0+5']);
  });

  test('the rules of nesting hold for markup too', () => {
    expect(read({ text: '<b>a<b>b</b></b><pre><code>c</code></pre>', parse_mode: 'HTML' })).toEqual(['abc', 'bold 0+2, pre 2+1']);
    expect(read({ text: '[*a*](example.org)`b`', parse_mode: 'MarkdownV2' })).toEqual(['ab', 'text_link 0+1 http://example.org/, bold 0+1, code 1+1']);
  });

  test('only as many entities as the server keeps are returned, the first ones', () => {
    const { entities } = readText(paramsOf({ text: '<b>a</b>,'.repeat(500), parse_mode: 'HTML' }), TEXT_NAMES);
    expect(entities).toHaveLength(100);
    expect(entities.at(-1)).toEqual({ _: 'messageEntityBold', offset: 198, length: 1 });
  });
});

test('captions, quotes and texts of inline results are read from the fields of objects', () => {
  expect(readText(paramsOf({ caption: 'hello', caption_entities: bold }), CAPTION_NAMES).entities).toHaveLength(1);
  expect(readText(paramsOf({ quote: '*hello*', quote_parse_mode: 'Markdown', parse_mode: 'HTML' }), QUOTE_NAMES).message).toBe('hello');
  expect(readText(paramsOf({ message_text: '<b>hello</b>', parse_mode: 'HTML' }), MESSAGE_TEXT_NAMES).message).toBe('hello');
  expect(readText(paramsOf({ caption: null, parse_mode: null }), CAPTION_NAMES)).toEqual({ message: '', entities: [] });
  expect(readText(paramsOf({ caption: 5 }), CAPTION_NAMES).message).toBe('5');
});

describe('hostile texts', () => {
  test('a text of more bytes than the official server takes is refused before it is parsed', () => {
    expect(read({ text: 'x'.repeat(SOURCE_MAX_BYTES) })[0]).toHaveLength(SOURCE_MAX_BYTES);
    for (const text of ['x'.repeat(SOURCE_MAX_BYTES + 1), 'é'.repeat(SOURCE_MAX_BYTES / 2 + 1), '<'.repeat(200_000)]) {
      expect(() => read({ text, parse_mode: 'HTML' })).toThrow('Bad Request: text is too long');
    }
  });

  test.each([
    ['HTML', '<b>', `Can't find end tag corresponding to start tag "b"`],
    ['HTML', '<a>a</a><i>', `Can't find end tag corresponding to start tag "i"`],
    ['HTML', '<a a="', 'Unclosed start tag at byte offset 0'],
    ['MarkdownV2', '[', `Can't find end of TextUrl entity at byte offset 32767`],
    ['MarkdownV2', '*_', `Can't find end of Italic entity at byte offset 32767`],
    ['MarkdownV2', '![', `Can't find end of CustomEmoji entity at byte offset 32766`],
    ['Markdown', '[', `Can't find end of the entity starting at byte offset 0`],
  ])('%s: %j repeated ends in its error', (parse_mode, part, reason) => {
    const text = part.repeat(Math.floor(SOURCE_MAX_BYTES / part.length));
    expect(() => read({ text, parse_mode })).toThrow(expect.objectContaining({ message: `Bad Request: can't parse entities: ${reason}` }));
  });

  test.each([
    ['HTML', '<b>', 'x', '</b>'],
    ['HTML', '<a>', `${'x'.repeat(12_000)}.org`, '</a>'],
    ['MarkdownV2', '[', `${'x'.repeat(12_000)}`, ']'],
    ['MarkdownV2', '*_', 'x', '_*'],
    ['HTML', '', '&#xZ&#1&&lt&abc'.repeat(2000), ''],
    ['MarkdownV2', '', '```a``` [b](c) '.repeat(2000), ''],
    ['Markdown', '', '```a``` [b](c '.repeat(1000), ''],
  ])('%s: deep and long markup of %j is read without recursion', (parse_mode, before, content, after) => {
    const depth = before === '' ? 0 : Math.floor((SOURCE_MAX_BYTES - content.length) / (before.length + after.length));
    const { message } = readText(paramsOf({ text: before.repeat(depth) + content + after.repeat(depth), parse_mode }), TEXT_NAMES);
    expect(message.length).toBeGreaterThan(0);
  });

  test('many crossing entities are cut to as many as the server keeps', () => {
    const types = ['bold', 'italic', 'underline', 'strikethrough', 'spoiler', 'code', 'blockquote'];
    const entities = Array.from({ length: 7000 }, (_, index) => ({ type: types[index % 7], offset: index % 32_000, length: 1 + (index % 13) }));
    const text = 'x'.repeat(32_500);
    expect(readText(paramsOf({ text, entities }), TEXT_NAMES).entities).toHaveLength(100);
  });

  test('names that every object has are no fields', () => {
    expect(readText(paramsOf({}), { text: 'constructor', parseMode: 'toString', entities: '__proto__' })).toEqual({ message: '', entities: [] });
  });
});
