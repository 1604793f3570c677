import type { tl } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';

import { normalizeCaption, normalizeText } from '../src/messages/check-text.ts';
import { packMessageExtra, unpackMessageExtra } from '../src/messages/message-extra.ts';
import { PeerSet } from '../src/updates/closure.ts';

const nobody = (): Promise<bigint> => Promise.reject(new Error('no mention expected'));
const bold = (offset: number, length: number): tl.messageEntityBold => ({ _: 'messageEntityBold', offset, length });

describe('texts and entities', () => {
  test('ends are trimmed and entities move and shrink with them', async () => {
    const { text, entities } = await normalizeText('  hello world \n', [bold(0, 15), bold(8, 5), bold(0, 2)], nobody);
    expect(text).toBe('hello world');
    expect(entities).toEqual([bold(0, 11), bold(6, 5)]);
  });

  test('offsets count UTF-16 units and never cut a character in two', async () => {
    expect((await normalizeText('😀 ok', [bold(0, 2)], nobody)).entities).toEqual([bold(0, 2)]);
    await expect(normalizeText('😀 ok', [bold(1, 1)], nobody)).rejects.toThrow('ENTITY_BOUNDS_INVALID');
    await expect(normalizeText('😀 ok', [bold(0, 1)], nobody)).rejects.toThrow('ENTITY_BOUNDS_INVALID');
  });

  test.each([[bold(-1, 2)], [bold(0, -1)], [bold(3, 3)], [bold(2 ** 31 - 1, 1)]])('%o is out of bounds', async (entity) => {
    await expect(normalizeText('hello', [entity], nobody)).rejects.toThrow('ENTITY_BOUNDS_INVALID');
  });

  test('nothing but white space is empty; 4096 units are the most', async () => {
    await expect(normalizeText(' \n\t\u0001', undefined, nobody)).rejects.toThrow('MESSAGE_EMPTY');
    for (const text of ['\u200b', '\u2063 \ufe0f', '\u3164', '\u2800\u200d', '\u202e\u00ad', '\ufffc']) {
      await expect(normalizeText(text, undefined, nobody)).rejects.toThrow('MESSAGE_EMPTY');
      expect(await normalizeCaption(text, undefined, nobody)).toEqual({ text: '', entities: [] });
    }
    // Emoji are made with such characters, and some scripts need them.
    for (const text of ['👩\u200d💻', '❤\ufe0f', 'می\u200cخواهم', '.']) expect((await normalizeText(text, undefined, nobody)).text).toBe(text);
    expect((await normalizeText('x'.repeat(4096), undefined, nobody)).text).toHaveLength(4096);
    await expect(normalizeText('x'.repeat(4097), undefined, nobody)).rejects.toThrow('MESSAGE_TOO_LONG');
  });

  test('mentions by inputUser become mentions by id', async () => {
    const input: tl.MessageEntity = { _: 'inputMessageEntityMentionName', offset: 0, length: 3, user_id: { _: 'inputUserSelf' } };
    const { entities } = await normalizeText('you', [input], () => Promise.resolve(42n));
    expect(entities).toEqual([{ _: 'messageEntityMentionName', offset: 0, length: 3, user_id: 42n }]);
  });

  test('line breaks and tabs stay, other control characters become spaces of the same length', async () => {
    expect((await normalizeText('a\tb\nc\rd\u0000e', undefined, nobody)).text).toBe('a\tb\nc d e');
  });
});

describe('what is stored with a message', () => {
  test('comes back as it was', () => {
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

describe('the peers that an object names', () => {
  test('are found at any depth, each once', () => {
    const peers = new PeerSet();
    peers.addObject({
      _: 'updateNewMessage',
      message: {
        _: 'message',
        peer_id: { _: 'peerUser', user_id: 1n },
        via_bot_id: 2n,
        entities: [{ _: 'messageEntityMentionName', user_id: 3n }],
        reply_to: { _: 'messageReplyHeader', reply_from: { _: 'messageFwdHeader', from_id: { _: 'peerUser', user_id: 4n } } },
        action: { _: 'messageActionChatCreate', users: [5n, 1n] },
      },
    });
    expect(new Set(peers.users)).toEqual(new Set([1n, 2n, 3n, 4n, 5n]));
  });
});
