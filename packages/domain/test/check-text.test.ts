import type { tl } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';

import { packMessageExtra, unpackMessageExtra } from '../src/events/message-extra.ts';
import { normalizeCaption, normalizeText } from '../src/messages/check-text.ts';
import type { MentionAccess } from '../src/messages/mention-access.ts';
import { ENTITY_STRINGS_MAX_BYTES, LANGUAGE_MAX, URL_MAX } from '../src/messages/rebuild-entities.ts';
import { findReplyError } from '../src/messages/reply-targets.ts';
import { NO_MENTIONS } from './no-mentions.ts';

const CAROL = 42n;
const STRANGER = 43n;
const acquainted: MentionAccess = { accessMention: () => Promise.resolve(CAROL), listNameable: () => Promise.resolve(new Set([CAROL])), listEmoji: () => Promise.resolve(new Set()) };
/** The entities that are stored for a text and its entities. */
const stored = async (text: string, entities: tl.MessageEntity[]): Promise<tl.MessageEntity[]> => (await normalizeText(text, entities, acquainted)).entities;
const bold = (offset: number, length: number): tl.messageEntityBold => ({ _: 'messageEntityBold', offset, length });

describe('texts and entities', () => {
  test('ends are trimmed, and entities are shifted and shortened accordingly', async () => {
    const { text, entities } = await normalizeText('  hello world \n', [bold(0, 15), bold(8, 5), bold(0, 2)], NO_MENTIONS);
    expect(text).toBe('hello world');
    expect(entities).toEqual([bold(0, 11), bold(6, 5)]);
  });

  test('half of a surrogate pair becomes a space, and offsets stay as they are', async () => {
    const { text, entities } = await normalizeText('a\ud83d b\ude00 😀', [bold(3, 1)], NO_MENTIONS);
    expect(text).toBe('a  b  😀');
    expect(entities).toEqual([bold(3, 1)]);
  });

  test('offsets count UTF-16 units and never split a surrogate pair', async () => {
    expect((await normalizeText('😀 ok', [bold(0, 2)], NO_MENTIONS)).entities).toEqual([bold(0, 2)]);
    await expect(async () => normalizeText('😀 ok', [bold(1, 1)], NO_MENTIONS)).rejects.toThrow('ENTITY_BOUNDS_INVALID');
    await expect(async () => normalizeText('😀 ok', [bold(0, 1)], NO_MENTIONS)).rejects.toThrow('ENTITY_BOUNDS_INVALID');
  });

  test.each([[bold(-1, 2)], [bold(0, -1)], [bold(3, 3)], [bold(2 ** 31 - 1, 1)]])('%o is out of bounds', async (entity) => {
    await expect(async () => normalizeText('hello', [entity], NO_MENTIONS)).rejects.toThrow('ENTITY_BOUNDS_INVALID');
  });

  test('a text of only white space is empty, and the maximum is 4096 characters', async () => {
    await expect(async () => normalizeText(' \n\t\u0001', undefined, NO_MENTIONS)).rejects.toThrow('MESSAGE_EMPTY');
    for (const text of ['\u200b', '\u2063 \ufe0f', '\u3164', '\u2800\u200d', '\u202e\u00ad', '\ufffc', '\u0301', '\ud800', '\ue000', '\u0378']) {
      await expect(async () => normalizeText(text, undefined, NO_MENTIONS)).rejects.toThrow('MESSAGE_EMPTY');
      expect(await normalizeCaption(text, undefined, NO_MENTIONS)).toEqual({ text: '', entities: [] });
    }
    // Emoji contain such characters, and some scripts need them.
    for (const text of ['👩\u200d💻', '❤\ufe0f', 'می\u200cخواهم', '.']) expect((await normalizeText(text, undefined, NO_MENTIONS)).text).toBe(text);
    expect((await normalizeText('x'.repeat(4096), undefined, NO_MENTIONS)).text).toHaveLength(4096);
    // A character may have two UTF-16 units, and a half of a pair is a character.
    for (const character of ['x', '😀', '\ud83d']) {
      expect((await normalizeText(`.${character.repeat(4094)}.`, undefined, NO_MENTIONS)).text).toHaveLength(2 + character.length * 4094);
      await expect(async () => normalizeText(`.${character.repeat(4095)}.`, undefined, NO_MENTIONS)).rejects.toThrow('MESSAGE_TOO_LONG');
    }
    expect((await normalizeCaption('😀'.repeat(1024), undefined, NO_MENTIONS)).text).toHaveLength(2048);
    await expect(normalizeCaption('😀'.repeat(1025), undefined, NO_MENTIONS)).rejects.toThrow('MEDIA_CAPTION_TOO_LONG');
  });

  test.each([
    ['marks of direction and separators', 'a\u202eb\u2028c\u2029d\u202ae', 'abcde', { given: [bold(2, 3)], moved: [bold(1, 2)] }],
    ['stacked lines and rings', 'a\u0333\u033fb\u030ac', 'abc', { given: [bold(0, 3), bold(3, 2)], moved: [bold(0, 1), bold(1, 1)] }],
    ['a ring that is a part of its letter stays', 'A\u030angstro\u0308m x', 'Ångström x', { given: [bold(11, 1)], moved: [bold(9, 1)] }],
    ['an entity of which nothing remains is left out', 'a\u202e\u202ab', 'ab', { given: [bold(1, 2), bold(3, 1)], moved: [bold(1, 1)] }],
    ['white space that is left at the ends', '\u202e  a  \u2028', 'a', { given: [bold(0, 7)], moved: [bold(0, 1)] }],
    ['scripts that need their marks', 'क\u094dष \u200f\u05e9\u05b8', 'क\u094dष \u200f\u05e9\u05b8', { given: [bold(4, 3)], moved: [bold(4, 3)] }],
  ])('%s: marks that disturb are removed, and entities move with the text', async (_what, raw, text, { given, moved }) => {
    expect(await normalizeText(raw, given, NO_MENTIONS)).toEqual({ text, entities: moved });
  });

  test('a text that consists of removed marks only is empty, and they do not count', async () => {
    await expect(async () => normalizeText('\u202e\u030a', undefined, NO_MENTIONS)).rejects.toThrow('MESSAGE_EMPTY');
    expect((await normalizeCaption('x\u0333'.repeat(1024), undefined, NO_MENTIONS)).text).toBe('x'.repeat(1024));
  });

  test('mentions by inputUser become mentions by id', async () => {
    const input: tl.MessageEntity = { _: 'inputMessageEntityMentionName', offset: 0, length: 3, user_id: { _: 'inputUserSelf' } };
    expect(await stored('you', [input])).toEqual([{ _: 'messageEntityMentionName', offset: 0, length: 3, user_id: CAROL }]);
  });

  test('a mention by id stays only if the author may mention that user', async () => {
    const mention = (offset: number, user_id: bigint): tl.MessageEntity => ({ _: 'messageEntityMentionName', offset, length: 3, user_id });
    expect(await stored('you and you', [mention(0, STRANGER), mention(8, CAROL)])).toEqual([mention(8, CAROL)]);
  });

  test('entities are rebuilt: extra fields are dropped, and so are entities that clients may not send', async () => {
    const smuggled = { ...bold(0, 3), user_id: STRANGER, url: 'https://example.org' };
    const proposed: tl.MessageEntity[] = [
      { _: 'messageEntityCustomEmoji', offset: 0, length: 3, document_id: 1n },
      { _: 'messageEntityDiffReplace', offset: 0, length: 3, old_text: 'x' },
      { _: 'messageEntityUnknown', offset: 0, length: 3 },
      { _: 'messageEntityTextUrl', offset: 0, length: 3, url: 'two words' },
    ];
    expect(await stored('you', [smuggled, ...proposed])).toEqual([bold(0, 3)]);
  });

  test('the strings of entities are limited in size, each and in total', async () => {
    const pre = (length: number): tl.MessageEntity => ({ _: 'messageEntityPre', offset: 0, length: 3, language: 'x'.repeat(length) });
    const link = (length: number): tl.MessageEntity => ({ _: 'messageEntityTextUrl', offset: 0, length: 3, url: 'x'.repeat(length) });
    expect(await stored('you', [pre(LANGUAGE_MAX), link(URL_MAX)])).toHaveLength(2);
    await expect(stored('you', [pre(LANGUAGE_MAX + 1)])).rejects.toThrow('ENTITIES_TOO_LONG');
    await expect(stored('you', [link(URL_MAX + 1)])).rejects.toThrow('ENTITIES_TOO_LONG');
    const half = ENTITY_STRINGS_MAX_BYTES / URL_MAX / 2;
    const wide: tl.MessageEntity = { _: 'messageEntityTextUrl', offset: 0, length: 3, url: 'é'.repeat(URL_MAX) };
    expect(await stored('you', Array.from({ length: half }, () => wide))).toHaveLength(half);
    await expect(stored('you', [...Array.from({ length: half }, () => wide), link(1)])).rejects.toThrow('ENTITIES_TOO_LONG');
  });

  test('a text that an earlier program has stored with its marks can still be quoted', async () => {
    const text = 'a cafe\u0301 and \u202bmore\u202c words';
    for (const quoted of ['cafe\u0301', '\u202bmore\u202c words', 'and']) {
      const { text: quote_text } = await normalizeText(quoted, undefined, NO_MENTIONS);
      expect(findReplyError({ text, extra: null }, { quote_text }), quoted).toBeUndefined();
    }
    expect(findReplyError({ text, extra: null }, { quote_text: 'less' })).toMatchObject({ message: expect.stringContaining('QUOTE_TEXT_INVALID') as string });
  });

  test('line breaks and tabs stay, other control characters become spaces', async () => {
    expect((await normalizeText('a\tb\nc\rd\u0000e', undefined, NO_MENTIONS)).text).toBe('a\tb\nc d e');
  });
});

describe('the packed extra of a message', () => {
  test('unpacks to the original', () => {
    const extra = {
      entities: [bold(0, 3), { _: 'messageEntityMentionName', offset: 4, length: 2, user_id: 7n } as const],
      replyTo: { _: 'messageReplyHeader', quote: true, quote_text: 'q', quote_offset: 3 } as const,
      fwdFrom: { _: 'messageFwdHeader', from_id: { _: 'peerUser', user_id: 9n }, date: 5 } as const,
      action: { _: 'messageActionHistoryClear' } as const,
    };
    expect(unpackMessageExtra(packMessageExtra(extra))).toMatchObject(extra);
    expect(packMessageExtra({ entities: [] })).toBeNull();
  });
});
