import type { tl } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';

import { projectEntities } from '../../src/texts/entity-objects.ts';
import { parseEntities } from '../../src/texts/parse-entities.ts';
import { outcomeOf, shownEntities } from './shown-text.ts';

/** The outcome for a list of entities of the text `hello world`. */
const read = (entities: unknown, text = 'hello world'): [string, string] | string => outcomeOf((source) => ({ text: source, entities: parseEntities(source, entities) }), text);
const refusedEntity = (reason: string): string => `400 Bad Request: can't parse MessageEntity: ${reason}`;
const place = { offset: 0, length: 5 };

/** Every type that a bot may give, as an object, with what it is in TL. */
const TYPES: readonly (readonly [object, tl.MessageEntity])[] = [
  [{ type: 'bold' }, { _: 'messageEntityBold', ...place }],
  [{ type: 'italic' }, { _: 'messageEntityItalic', ...place }],
  [{ type: 'underline' }, { _: 'messageEntityUnderline', ...place }],
  [{ type: 'strikethrough' }, { _: 'messageEntityStrike', ...place }],
  [{ type: 'spoiler' }, { _: 'messageEntitySpoiler', ...place }],
  [{ type: 'code' }, { _: 'messageEntityCode', ...place }],
  [{ type: 'blockquote' }, { _: 'messageEntityBlockquote', ...place }],
  [{ type: 'expandable_blockquote' }, { _: 'messageEntityBlockquote', collapsed: true, ...place }],
  [{ type: 'pre' }, { _: 'messageEntityPre', ...place, language: '' }],
  [{ type: 'pre', language: 'python' }, { _: 'messageEntityPre', ...place, language: 'python' }],
  [{ type: 'text_link', url: 'https://example.org/' }, { _: 'messageEntityTextUrl', ...place, url: 'https://example.org/' }],
  [{ type: 'text_mention', user: { id: 77 } }, { _: 'messageEntityMentionName', ...place, user_id: 77n }],
  [{ type: 'custom_emoji', custom_emoji_id: '5368324170671202286' }, { _: 'messageEntityCustomEmoji', ...place, document_id: 5_368_324_170_671_202_286n }],
  [{ type: 'date_time', unix_time: 9, date_time_format: 'r' }, { _: 'messageEntityFormattedDate', relative: true, ...place, date: 9 }],
  [
    { type: 'date_time', unix_time: 9, date_time_format: 'wDt' },
    { _: 'messageEntityFormattedDate', day_of_week: true, short_time: true, long_date: true, ...place, date: 9 },
  ],
];

test.each(TYPES)('%j is read as what it is, and written as it was', (object, entity) => {
  expect(parseEntities('hello world', [{ ...object, ...place }])).toEqual([entity]);
  expect(projectEntities([entity], (userId) => ({ id: Number(userId) }))).toEqual([{ ...object, ...place }]);
});

describe('entities of a bot', () => {
  test('what the server finds itself has no effect', () => {
    const found = ['mention', 'hashtag', 'cashtag', 'bot_command', 'url', 'email', 'phone_number', 'bank_card_number'];
    expect(read(found.map((type) => ({ type, ...place })))).toEqual(['hello world', '']);
  });

  test('fields of other types are left out', () => {
    expect(parseEntities('hello', [{ type: 'bold', ...place, url: 'https://example.org', user: { id: 5 }, _: 'x', collapsed: true }])).toEqual([
      { _: 'messageEntityBold', ...place },
    ]);
  });

  test('they are sorted, and empty ones are dropped', () => {
    const entities = [
      { type: 'italic', offset: 6, length: 5 },
      { type: 'bold', offset: 0, length: 0 },
      { type: 'bold', offset: 99, length: 0 },
      { type: 'code', offset: 0, length: 2 },
      { type: 'italic', offset: 0, length: 5 },
      { type: 'bold', offset: 0, length: 5 },
    ];
    expect(read(entities)).toEqual(['hello world', 'bold 0+5, italic 0+5, code 0+2, italic 6+5']);
  });

  test('what is no array counts as absent', () => {
    for (const value of [undefined, null, '', 'x', 5, {}, { 0: { type: 'bold', ...place } }, []]) expect(read(value)).toEqual(['hello world', '']);
  });

  test('numbers may be written as texts', () => {
    expect(read([{ type: 'bold', offset: '1', length: '2' }, { type: 'text_mention', ...place, user: { id: '77' } }])).toEqual(['hello world', 'text_mention 0+5 {"id":77}, bold 1+2']);
  });

  test('the last letter of a part decides how a date is shown', () => {
    expect(read([{ type: 'date_time', ...place, unix_time: 9, date_time_format: 'tTDdW' }])).toEqual(['hello world', 'date_time 0+5 9 wdT']);
  });

  test.each([
    [5, 'expected an Object'],
    [null, 'expected an Object'],
    [[], 'expected an Object'],
    [{}, `Can't find field "offset"`],
    [{ offset: 0 }, `Can't find field "length"`],
    [{ ...place, offset: true }, 'Field "offset" must be a Number'],
    [{ ...place, offset: 1.5 }, 'Field "offset" must be a valid Number'],
    [{ ...place, length: 2 ** 31 }, 'Field "length" must be a valid Number'],
    [{ ...place, length: '+1' }, 'Field "length" must be a valid Number'],
    [place, `Can't find field "type"`],
    [{ ...place, type: null }, `Can't find field "type"`],
    [{ ...place, type: {} }, 'Field "type" must be of type String'],
    [{ ...place, type: '' }, 'Type is not specified'],
    [{ ...place, type: 'Bold' }, 'Unsupported type specified'],
    [{ ...place, type: '__proto__' }, 'Unsupported type specified'],
    [{ ...place, type: 'text_link' }, `Can't find field "url"`],
    [{ ...place, type: 'text_link', url: {} }, 'Field "url" must be of type String'],
    [{ ...place, type: 'text_mention', user: 77 }, 'Field "user" must be of type Object'],
    [{ ...place, type: 'text_mention', user: {} }, `Can't find field "id"`],
    [{ ...place, type: 'custom_emoji', custom_emoji_id: 'x' }, 'Field "custom_emoji_id" must be a valid Number'],
    [{ ...place, type: 'pre', language: [] }, 'Field "language" must be of type String'],
    [{ ...place, type: 'date_time' }, `Can't find field "unix_time"`],
    [{ ...place, type: 'date_time', unix_time: 9, date_time_format: 'rt' }, 'Invalid date-time format specified'],
  ])('%j is refused: %s', (entity, reason) => {
    expect(read([entity])).toBe(refusedEntity(reason));
  });

  test.each([
    [{ type: 'text_link', ...place, url: 'nowhere' }, `entity URL 'nowhere' is invalid: Wrong HTTP URL`],
    [{ type: 'text_link', ...place, url: 'ftp://example.org' }, `entity URL 'ftp://example.org' is invalid: Unsupported URL protocol`],
    [{ type: 'custom_emoji', ...place, custom_emoji_id: '0' }, 'invalid custom emoji identifier specified'],
    [{ type: 'date_time', ...place, unix_time: 0 }, 'invalid date specified'],
    [{ type: 'bold', offset: -1, length: 2 }, 'receive an entity with incorrect offset -1'],
    [{ type: 'bold', offset: 0, length: -2 }, 'receive an entity with incorrect length -2'],
    [{ type: 'bold', offset: 2_000_000, length: 2 }, 'receive an entity with incorrect offset 2000000'],
    [{ type: 'bold', offset: 12, length: 1 }, 'entity begins after the end of the text at UTF-16 offset 12'],
    [{ type: 'bold', offset: 4, length: 10 }, 'entity beginning at UTF-16 offset 4 ends after the end of the text at UTF-16 offset 14'],
  ])('%j is refused: %s', (entity, reason) => {
    expect(read([entity])).toBe(`400 Bad Request: ${reason}`);
  });

  test('none begins or ends within a character', () => {
    expect(read([{ type: 'bold', offset: 1, length: 2 }], '😀😀')).toBe('400 Bad Request: entity begins in a middle of a UTF-16 symbol at byte offset 4');
    expect(read([{ type: 'bold', offset: 0, length: 3 }], '😀😀')).toBe('400 Bad Request: entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 8');
    expect(read([{ type: 'bold', offset: 2, length: 2 }], '😀😀')).toEqual(['😀😀', 'bold 2+2']);
  });
});

test('entities that the server found are shown to bots, but for those that the Bot API does not know', () => {
  const found: tl.MessageEntity[] = [
    { _: 'messageEntityMention', ...place },
    { _: 'messageEntityHashtag', ...place },
    { _: 'messageEntityCashtag', ...place },
    { _: 'messageEntityBotCommand', ...place },
    { _: 'messageEntityUrl', ...place },
    { _: 'messageEntityEmail', ...place },
    { _: 'messageEntityPhone', ...place },
    { _: 'messageEntityBankCard', ...place },
    { _: 'messageEntityUnknown', ...place },
  ];
  expect(shownEntities(found)).toBe('mention 0+5, hashtag 0+5, cashtag 0+5, bot_command 0+5, url 0+5, email 0+5, phone_number 0+5');
});

test('a mention of an unknown user is left out', () => {
  expect(projectEntities([{ _: 'messageEntityMentionName', ...place, user_id: 5n }], () => undefined)).toEqual([]);
});
