import type { tl } from '@aerogram/tl';
import { describe, expect, it, test } from 'vitest';
import { SEES_MEANT_ONLY, seesMessage, withSight } from '../src/chats/index.ts';
import { MessageFlag, packMessageExtra } from '../src/events/index.ts';
import { addressedBots, type AddressingTarget } from '../src/messages/index.ts';
import { channelMember } from './chat-rows.ts';

const [ECHO, QUIZ, PERSON, OTHER] = [1n, 2n, 10n, 11n];
const BOTS = [
  { botId: ECHO, allFrom: SEES_MEANT_ONLY, names: ['echo_bot'] },
  { botId: QUIZ, allFrom: SEES_MEANT_ONLY, names: ['quiz_bot', 'quizzing_bot'] },
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
    ['a plain text', say('hello'), undefined, null, []],
    ['a command of a bot', say('/start@Echo_bot now', '/start@Echo_bot'), undefined, QUIZ, [ECHO]],
    ['a command of a bot inside of a text', say('try /start@echo_bot', '/start@echo_bot'), undefined, null, [ECHO]],
    ['a command of somebody else', say('/start@other_bot', '/start@other_bot'), undefined, null, []],
    ['a bare command while no bot has written', say('/start', '/start'), undefined, null, [ECHO, QUIZ]],
    ['a bare command after a bot has written', say('/start', '/start'), undefined, QUIZ, [QUIZ]],
    ['a bare command after a bot has written that has gone', say('/start', '/start'), undefined, 99n, [ECHO, QUIZ]],
    ['a bare command inside of a text', say('try /start', '/start'), undefined, QUIZ, []],
    ['a mention', say('well @QUIZZING_bot', '@QUIZZING_bot', 'messageEntityMention'), undefined, ECHO, [QUIZ]],
    ['a name in a link', say('x/quiz_bot', 'x/quiz_bot', 'messageEntityUrl'), undefined, null, []],
    ['a mention by id', mention(ECHO), undefined, null, [ECHO]],
    ['a mention of a person', mention(OTHER), undefined, null, []],
    ['a reply to a bot', say('yes'), reply(QUIZ), null, [QUIZ]],
    ['a reply to what was meant for a bot', say('me too'), reply(OTHER, ECHO), null, [ECHO]],
    ['a reply to a person', say('hello'), reply(OTHER), null, []],
    ['a message via a bot', { ...say('pic'), viaBotId: ECHO }, undefined, null, [ECHO]],
    ['a forwarded command', { ...say('/start@echo_bot', '/start@echo_bot'), isForward: true }, undefined, null, []],
    ['what a bot writes', { ...say('/start', '/start'), authorId: ECHO }, reply(QUIZ), null, []],
  ] as const)('%s', (_, message, target, lastBotId, ids) => {
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
    expect(seesMessage({ botId: ECHO, allFrom }, message)).toBe(isSeen);
    expect(seesMessage(undefined, message)).toBe(true);
  });
});

it('changes what a bot sees when it becomes an admin, and when it is one no longer', () => {
  const bot = channelMember({ all_from: SEES_MEANT_ONLY });
  const admin = withSight(bot, { ...bot, role: 'admin' }, 7);
  expect(admin.all_from).toBe(7);
  expect(withSight(admin, { ...admin, rank: 'helper' }, 9).all_from).toBe(7);
  expect(withSight(admin, { ...admin, role: 'member' }, 9).all_from).toBe(SEES_MEANT_ONLY);
  expect(withSight({ ...bot, all_from: 3 }, { ...bot, all_from: 3, role: 'admin' }, 7).all_from).toBe(3);
  const person = channelMember({});
  expect(withSight(person, { ...person, role: 'admin' }, 7).all_from).toBeNull();
});
