import { rpcError } from '@aerogram/errors';
import { describe, expect, it } from 'vitest';

import { findFatherInfo } from '../src/bot-father/list-commands.ts';
import { type Deed, readCommands, specOf } from '../src/bot-father/purposes.ts';
import { english } from '../src/bot-father/texts-en.ts';
import { Turns } from '../src/bot-father/turns.ts';
import { checkedCommands } from '../src/bot-info/check-info.ts';
import { BOT_FATHER_ID } from '../src/peers/index.ts';

describe('the turns of people who talk with BotFather', () => {
  it('are taken in the order of the messages, one after the other, also after one that failed', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const answer = (msgId: number) => async (): Promise<void> => {
      log.push(`begin ${msgId}`);
      await Promise.resolve();
      log.push(`end ${msgId}`);
      if (msgId === 2) throw new Error('the database is away');
    };
    const outcomes = await Promise.allSettled([3, 1, 2].map((msgId) => turns.take(7n, msgId, answer(msgId))));
    expect(log).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    await turns.take(7n, 1, answer(4));
    expect(log.at(-1)).toBe('end 4');
  });

  it('do not wait for those of others', async () => {
    const turns = new Turns();
    let release!: () => void;
    const blocked = turns.take(7n, 1, () => new Promise((resolve) => (release = resolve)));
    let isAnswered = false;
    await turns.take(8n, 2, () => {
      isAnswered = true;
      return Promise.resolve();
    });
    expect(isAnswered).toBe(true);
    release();
    await blocked;
  });
});

describe('the commands of BotFather', () => {
  it.each(['en', 'de', 'pt-br', ''])('are such as a bot may set (%j)', (langCode) => {
    const { commands } = findFatherInfo(BOT_FATHER_ID, langCode)!;
    expect(checkedCommands(commands)).toEqual(commands);
    expect(new Set(commands.map(({ command }) => command)).size).toBe(commands.length);
  });

  it('are those of no other bot', () => {
    expect(findFatherInfo(BOT_FATHER_ID + 1n, 'en')).toBeUndefined();
  });
});

describe('a list of commands', () => {
  it.each([
    ['start - begin\n\n/Stop – end it', ['start', 'stop']],
    ['start — begin — anew', ['start']],
    ['start begin', undefined],
    ['start -', undefined],
    ['st art - begin', undefined],
  ])('%j names %j', (text, names) => {
    expect(readCommands(text)?.map(({ command }) => command)).toEqual(names);
  });
});

describe('a picture for a bot', () => {
  it.each([['PHOTO_INVALID_DIMENSIONS', 'pictureInvalid'], ['FLOOD_WAIT_%d', 'pictureLater']] as const)('is answered in words where the server says %s', async (entry, text) => {
    const setPicture = (): Promise<void> => Promise.reject(entry === 'FLOOD_WAIT_%d' ? rpcError(entry, 60) : rpcError(entry));
    const deed = { ownerId: 7n, bot: { bot_id: 8n }, texts: english, hands: { setPicture } } as unknown as Deed;
    const done = await specOf('setuserpic').act(deed, '', { photoId: 1n, msgId: 2 });
    expect(done).toMatchObject({ reply: { text: english[text] }, isOpen: true });
  });
});
