import type { tl } from '@mtcute/core';
import Long from 'long';
import { describe, expect, test } from 'vitest';
import { readDocument, writeDocument } from '../src/page/composer/document.ts';
import { splitText } from '../src/page/composer/split-text.ts';
import { isFewEmoji, isOneEmoji } from '../src/page/parts/few-emoji.ts';
import type { TextEntity } from '../src/protocol/index.ts';
import { animationOf } from '../src/worker/list-effects.ts';

const emoji = (offset: number, id: string): TextEntity => ({ kind: 'customEmoji', offset, length: 2, emoji: id });

describe('custom emoji in what is written', () => {
  test('each stays what it is, also beside another one', () => {
    const text = { text: 'to 🦊🦊 and 🦊', entities: [emoji(3, '5'), emoji(5, '5'), emoji(12, '6')] };
    expect(readDocument(writeDocument(text))).toEqual(text);
  });

  test('one that is bold is both', () => {
    const text = { text: 'a 🦊', entities: [{ kind: 'bold', offset: 0, length: 4 } as TextEntity, emoji(2, '5')] };
    expect(readDocument(writeDocument(text))).toEqual(text);
  });

  test('what is no id of a document is plain', () => {
    expect(readDocument(writeDocument({ text: '🦊', entities: [emoji(0, '5"><b>')] })).entities).toEqual([]);
  });

  test('a long text keeps them in its parts', () => {
    const [first, second] = splitText({ text: 'aaaa 🦊', entities: [emoji(5, '5')] }, 5);
    expect([first!.entities, second!.entities]).toEqual([[], [emoji(0, '5')]]);
  });
});

describe('emoji that stand alone', () => {
  test.each(['🦊', '❤️', '👍🏽', '👩‍🚀', '🇩🇪'])('%s is one', (text) => expect([isOneEmoji(text), isFewEmoji(text)]).toEqual([true, true]));
  test.each(['🦊🦊', 'a', '', '🦊 ', '1'])('"%s" is not', (text) => expect(isOneEmoji(text)).toBe(false));
});

test('the animation of an effect is that across the message, else that of its sticker', () => {
  const document = (id: number): tl.RawDocument => ({ _: 'document', id: Long.fromNumber(id), accessHash: Long.ONE, fileReference: new Uint8Array(), date: 1, mimeType: '', size: 1, dcId: 2, attributes: [] });
  const effects = [
    { _: 'availableEffect', id: Long.fromNumber(1), emoticon: '🎉', effectStickerId: Long.fromNumber(10), effectAnimationId: Long.fromNumber(11) },
    { _: 'availableEffect', id: Long.fromNumber(2), emoticon: '👍', effectStickerId: Long.fromNumber(10) },
  ] as const;
  const answer = { _: 'messages.availableEffects', hash: 0, effects: [...effects], documents: [document(10), document(11)] } as const;
  expect(['1', '2', '3'].map((id) => animationOf({ ...answer, effects: [...effects], documents: [...answer.documents] }, id)?.id)).toEqual(['11', '10', undefined]);
});
