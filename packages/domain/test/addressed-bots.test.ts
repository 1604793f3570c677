import type { tl } from '@aerogram/tl';
import { describe, expect, it, test } from 'vitest';
import { SEES_MEANT_ONLY } from '../src/chats/bot-sight.ts';
import { botSightOf, hearsMessage, NEXT_MESSAGES, privacyModeShows, seesMessage } from '../src/chats/index.ts';
import { MessageFlag, packMessageExtra } from '../src/events/index.ts';
import { addressedBots, type AddressingTarget } from '../src/messages/index.ts';
import { channelMember } from './chat-rows.ts';

const [ECHO, QUIZ, PERSON, OTHER] = [1n, 2n, 10n, 11n];
const BOTS = [
  { botId: ECHO, isAdmin: false, allFrom: 0, names: ['echo_bot'] },
  { botId: QUIZ, isAdmin: false, allFrom: 0, names: ['quiz_bot', 'quizzing_bot'] },
];

type Entity = 'messageEntityMention' | 'messageEntityBotCommand' | 'messageEntityUrl';
/** A message in which this part of the text is an entity. */
const say = (text: string, part = '', kind: Entity = 'messageEntityBotCommand') => ({
  authorId: PERSON, text, isForward: false, entities: part === '' ? [] : [{ _: kind, offset: text.indexOf(part), length: part.length } satisfies tl.MessageEntity],
});

describe('a message is meant', () => {
  const reply = (authorId: bigint, ...meantFor: bigint[]): AddressingTarget => ({ authorId, meantFor });
  const mention = (user_id: bigint) => ({ ...say('you there'), entities: [{ _: 'messageEntityMentionName' as const, offset: 0, length: 3, user_id }] });
  test.each([
    ['a plain text', { message: say('hello'), target: undefined, lastBotId: null }, []],
    ['a command of a bot', { message: say('/start@Echo_bot now', '/start@Echo_bot'), target: undefined, lastBotId: QUIZ }, [ECHO]],
    ['a command of a bot inside of a text', { message: say('try /start@echo_bot', '/start@echo_bot'), target: undefined, lastBotId: null }, [ECHO]],
    ['a command of somebody else', { message: say('/start@other_bot', '/start@other_bot'), target: undefined, lastBotId: null }, []],
    ['a bare command while no bot has written', { message: say('/start', '/start'), target: undefined, lastBotId: null }, [ECHO, QUIZ]],
    ['a bare command after a bot has written', { message: say('/start', '/start'), target: undefined, lastBotId: QUIZ }, [QUIZ]],
    ['a bare command after a bot has written that has gone', { message: say('/start', '/start'), target: undefined, lastBotId: 99n }, [ECHO, QUIZ]],
    ['a bare command inside of a text', { message: say('try /start', '/start'), target: undefined, lastBotId: QUIZ }, []],
    ['a mention', { message: say('well @QUIZZING_bot', '@QUIZZING_bot', 'messageEntityMention'), target: undefined, lastBotId: ECHO }, [QUIZ]],
    ['a name in a link', { message: say('x/quiz_bot', 'x/quiz_bot', 'messageEntityUrl'), target: undefined, lastBotId: null }, []],
    ['a mention by id', { message: mention(ECHO), target: undefined, lastBotId: null }, [ECHO]],
    ['a mention of a person', { message: mention(OTHER), target: undefined, lastBotId: null }, []],
    ['a reply to a bot', { message: say('yes'), target: reply(QUIZ), lastBotId: null }, [QUIZ]],
    ['a reply to what was meant for a bot', { message: say('me too'), target: reply(OTHER, ECHO), lastBotId: null }, [ECHO]],
    ['a reply to a person', { message: say('hello'), target: reply(OTHER), lastBotId: null }, []],
    ['a message via a bot', { message: { ...say('pic'), viaBotId: ECHO }, target: undefined, lastBotId: null }, [ECHO]],
    ['a forwarded command', { message: { ...say('/start@echo_bot', '/start@echo_bot'), isForward: true }, target: undefined, lastBotId: null }, []],
    ['what a bot writes', { message: { ...say('/start', '/start'), authorId: ECHO }, target: reply(QUIZ), lastBotId: null }, []],
  ] as const)('%s', (_, { message, target, lastBotId }, ids) => {
    expect(addressedBots(message, target, { bots: BOTS, lastBotId })).toEqual(ids);
  });
});

describe('a bot sees', () => {
  const post = (change: { flags?: number; poster_id?: bigint; meantFor?: bigint[] } = {}) =>
    ({ msg_id: 5, flags: change.flags ?? 0, poster_id: change.poster_id ?? PERSON, extra: packMessageExtra({ meantFor: change.meantFor ?? [] }) });
  test.each([
    ['no message in privacy mode', post(), SEES_MEANT_ONLY, false],
    ['what is meant for it', post({ meantFor: [QUIZ, ECHO] }), SEES_MEANT_ONLY, true],
    ['nothing that is meant for another bot', post({ meantFor: [QUIZ] }), SEES_MEANT_ONLY, false],
    ['all messages since it sees all', post(), 5, true],
    ['none from before', post(), 6, false],
    ['its own', post({ poster_id: ECHO, flags: MessageFlag.byBot }), SEES_MEANT_ONLY, true],
    ['none of another bot', post({ poster_id: QUIZ, flags: MessageFlag.byBot, meantFor: [ECHO] }), 1, false],
    ['service messages', post({ flags: MessageFlag.service }), SEES_MEANT_ONLY, true],
    ['posts of a broadcast channel', post({ flags: MessageFlag.post | MessageFlag.byBot }), SEES_MEANT_ONLY, true],
  ])('%s', (_, message, allFrom, isSeen) => {
    expect(seesMessage({ botId: ECHO, isAdmin: false, allFrom }, message)).toBe(isSeen);
    expect(hearsMessage({ botId: ECHO, isAdmin: false, allFrom }, message)).toBe(isSeen);
    expect(seesMessage({ botId: ECHO, isAdmin: true, allFrom }, message)).toBe(true);
    for (const sees of [seesMessage, hearsMessage]) expect(sees(undefined, message)).toBe(true);
  });
});

describe('privacy mode', () => {
  const of = (allFrom: number) => ({ botId: ECHO, isAdmin: false, allFrom });
  it('shows what is written after the bot was added without it, and otherwise only what is meant for the bot', () => {
    expect([4, 5].map((msgId) => privacyModeShows(of(5), { msgId }))).toEqual([false, true]);
    expect([[QUIZ], [ECHO]].map((bots) => privacyModeShows(of(SEES_MEANT_ONLY), { msgId: 5, meantFor: () => bots }))).toEqual([false, true]);
  });

  it('shows or hides all messages that are still to come', () => {
    expect([0, 5, SEES_MEANT_ONLY].map((allFrom) => privacyModeShows(of(allFrom), { msgId: NEXT_MESSAGES }))).toEqual([true, true, false]);
  });

  it('shows an admin everything, without a look at what is meant for it', () => {
    const meantFor = (): never => {
      throw new Error('nobody has to know');
    };
    expect(privacyModeShows({ ...of(SEES_MEANT_ONLY), isAdmin: true }, { msgId: 1, meantFor })).toBe(true);
  });
});

describe('the sight of a bot', () => {
  const ofOther = { msg_id: 1, flags: MessageFlag.byBot, poster_id: QUIZ, extra: null };

  it('tells an admin of everything but what other bots write, which it reads all the same', () => {
    const admin = { botId: ECHO, isAdmin: true, allFrom: SEES_MEANT_ONLY };
    expect([seesMessage(admin, ofOther), hearsMessage(admin, ofOther)]).toEqual([true, false]);
    for (const heard of [{ ...ofOther, flags: 0, poster_id: PERSON }, { ...ofOther, poster_id: ECHO }, { ...ofOther, flags: MessageFlag.byBot | MessageFlag.post }]) expect(hearsMessage(admin, heard)).toBe(true);
  });

  it('follows from the role of an admin, and otherwise from what was decided when the bot joined', () => {
    const row = (change: Partial<Parameters<typeof channelMember>[0]>) => channelMember({ user_id: ECHO, ...change });
    expect(botSightOf(row({ role: 'admin', all_from: 7 }))).toEqual({ botId: ECHO, isAdmin: true, allFrom: 7 });
    expect(botSightOf(row({ all_from: 7 }))).toEqual({ botId: ECHO, isAdmin: false, allFrom: 7 });
    // Migration 0134 gives this value to admins in privacy mode, whose row a promotion had changed.
    expect(botSightOf(row({ all_from: -1 }))).toEqual({ botId: ECHO, isAdmin: false, allFrom: SEES_MEANT_ONLY });
    expect([botSightOf(row({ role: 'admin', all_from: null })), botSightOf(undefined)]).toEqual([undefined, undefined]);
  });
});
