import 'fake-indexeddb/auto';
import type { tl } from '@mtcute/core';
import Long from 'long';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Poll } from '../src/protocol/index.ts';
import { isClosedNow, orderAnswers, percentOf } from '../src/page/polls/results.ts';
import { AppConfig } from '../src/worker/app-config.ts';
import { optionBytes, readPoll, unsentPoll, writePoll } from '../src/worker/models/poll.ts';
import { ownReactions, readAllowed, toggledReactions, writeAllowed } from '../src/worker/models/reactions.ts';
import { reduce } from '../src/worker/reduce/index.ts';
import { makeContext, rawUpdate } from './made.ts';
import { asSent } from './sent.ts';

beforeAll(() => vi.stubGlobal('location', { hash: '', origin: '' }));

const BOB = 7;
const text = (value: string): tl.RawTextWithEntities => ({ _: 'textWithEntities', text: value, entities: [] });
const option = (at: number): Uint8Array => new TextEncoder().encode(String(at));
const rawPoll = (values: Partial<tl.RawPoll> = {}): tl.RawPoll => ({
  _: 'poll',
  id: Long.fromNumber(5),
  hash: Long.fromNumber(2),
  question: text('Tea?'),
  answers: ['Yes', 'No'].map((answer, at) => ({ _: 'pollAnswer', text: text(answer), option: option(at) })),
  ...values,
});
const voters = (at: number, values: Partial<tl.RawPollAnswerVoters>): tl.RawPollAnswerVoters => ({ _: 'pollAnswerVoters', option: option(at), ...(values.voters === undefined ? {} : { recentVoters: [] }), ...values });
const results = (values: Partial<tl.RawPollResults>): tl.RawPollResults => ({ _: 'pollResults', ...values });

describe('updates of polls', () => {
  const setUp = async (media: tl.RawMessageMediaPoll): Promise<{ take(update: Partial<tl.RawUpdateMessagePoll>): void; poll(id?: number): Poll | undefined; edit(again: tl.RawMessageMediaPoll): void }> => {
    const { store, context } = await makeContext();
    store.isShown = () => true;
    const message = (id: number, content: tl.TypeMessageMedia): tl.RawMessage => ({ _: 'message', id, peerId: { _: 'peerUser', userId: BOB }, date: 1, message: '', media: content });
    for (const id of [10, 11]) reduce(context, rawUpdate(asSent({ _: 'updateNewMessage', message: message(id, media), pts: id, ptsCount: 1 })));
    return {
      take: (update) => reduce(context, rawUpdate(asSent({ _: 'updateMessagePoll', pollId: media.poll.id, results: results({}), ...update }))),
      edit: (again) => reduce(context, rawUpdate(asSent({ _: 'updateEditMessage', message: message(10, again), pts: 20, ptsCount: 1 }))),
      poll: (id = 10) => {
        const found = store.message(BOB, id)?.media;
        return found?.kind === 'poll' ? found.poll : undefined;
      },
    };
  };

  test('what everybody gets alike changes numbers in each message with the poll, and takes back nothing that only the account knows', async () => {
    const known = results({ results: [voters(0, { voters: 1, chosen: true, correct: true }), voters(1, { voters: 0 })], totalVoters: 1, solution: 'Because', solutionEntities: [] });
    const { take, poll, edit } = await setUp({ _: 'messageMediaPoll', poll: rawPoll({ quiz: true, creator: true }), results: known });
    // Flags that are not set are false in what is read from the wire.
    const min = results({ min: true, results: [voters(0, { voters: 1, chosen: false, correct: false }), voters(1, { voters: 3, correct: false })], totalVoters: 4 });
    take({ results: min });
    const after = { total: 4, isOwn: true, solution: { text: 'Because', entities: [] }, answers: [{ text: 'Yes', voters: 1, isChosen: true, isCorrect: true }, { text: 'No', voters: 3 }] };
    expect([poll(), poll(11)]).toMatchObject([after, after]);
    expect(poll()?.answers[1]).toMatchObject({ isChosen: false, isCorrect: false });
    // The same in a message that was edited, as one that everybody gets.
    edit({ _: 'messageMediaPoll', poll: rawPoll({ quiz: true }), results: min });
    expect(poll()).toMatchObject(after);
    take({ results: { ...known, results: [voters(0, { voters: 0 }), voters(1, { voters: 0 })], totalVoters: 0, solution: undefined } });
    expect(poll()).toMatchObject({ total: 0, solution: undefined, answers: [{ isChosen: false, isCorrect: false }, {}] });
  });

  test('a poll that is told anew has its new answers, and results that become hidden are not shown', async () => {
    const { take, poll } = await setUp({ _: 'messageMediaPoll', poll: rawPoll({ hideResultsUntilClose: true }), results: results({ results: [voters(0, { chosen: true }), voters(1, {})], totalVoters: 1 }) });
    expect(poll()?.answers.map((answer) => answer.voters)).toEqual([undefined, undefined]);
    take({ results: results({ min: true, results: [], totalVoters: 2 }) });
    expect(poll()).toMatchObject({ total: 2, hidesResults: true, answers: [{ isChosen: true, voters: undefined }, { voters: undefined }] });
    const more: tl.RawPollAnswer = { _: 'pollAnswer', text: text('Perhaps'), option: option(2), addedBy: { _: 'peerUser', userId: BOB }, date: 3 };
    take({ poll: rawPoll({ closed: true, answers: [...rawPoll().answers, more] }), results: results({ min: true, results: [voters(0, { voters: 2 }), voters(1, { voters: 0 }), voters(2, { voters: 0 })], totalVoters: 2 }) });
    expect(poll()).toMatchObject({ isClosed: true, answers: [{ isChosen: true, voters: 2 }, { voters: 0 }, { text: 'Perhaps', addedBy: BOB }] });
  });
});

const none = (): undefined => undefined;

test('a poll is written as it is to be made, and its options come back as they were', () => {
  const made = { question: 'Tea?', answers: [{ text: 'Yes' }, { text: 'No' }], correct: [1], solution: 'Because', isPublic: true, isMultiple: false, isOpen: false, hidesResults: true, period: 60 };
  expect(writePoll(made, none)).toMatchObject({
    poll: { publicVoters: true, quiz: true, closePeriod: 60, hideResultsUntilClose: true, answers: [{ _: 'inputPollAnswer', text: { text: 'Yes' } }, { text: { text: 'No' } }] },
    correctAnswers: [1],
    solution: 'Because',
  });
  expect(writePoll({ ...made, correct: undefined, solution: '' }, none)).not.toHaveProperty('solution');
  expect(unsentPoll(made, none).poll).toMatchObject({ question: 'Tea?', isQuiz: true, answers: [{ text: 'Yes' }, { text: 'No' }] });
  const [answer] = readPoll({ _: 'messageMediaPoll', poll: rawPoll({ answers: [{ _: 'pollAnswer', text: text('x'), option: new Uint8Array([0, 10, 255]) }] }), results: results({}) }).poll.answers;
  expect(optionBytes(answer!.option)).toEqual(new Uint8Array([0, 10, 255]));
});

test('results are told in percent of those who have voted, as far as they are shown', () => {
  expect([{ voters: 1 }, { voters: 2 }, { voters: 0 }, {}].map((answer) => percentOf({ option: '', text: '', ...answer }, 3))).toEqual([33, 67, 0, undefined]);
  expect(percentOf({ option: '', text: '', voters: 0 }, 0)).toBe(0);
  const poll: Poll = { id: '1', hash: '1', question: '', total: 0, answers: [], closeDate: 100 };
  expect([99, 100].map((now) => isClosedNow(poll, now))).toEqual([false, true]);
});

test('shuffled answers stand in an order of their own for each account, and always in the same', () => {
  const answers = Array.from({ length: 8 }, (_, at) => ({ option: String(at), text: String(at) }));
  const poll: Poll = { id: '77', hash: '1', question: '', total: 0, answers };
  expect(orderAnswers(poll, 1)).toEqual(answers);
  const orders = [1, 1, 2].map((me) => orderAnswers({ ...poll, isShuffled: true }, me).map((answer) => answer.text).join(''));
  expect(orders[0]).toBe(orders[1]);
  expect(orders[0]).not.toBe(orders[2]);
  expect(Array.from(orders[0]!).toSorted().join('')).toBe('01234567');
});

test('one more reaction takes the place of the oldest ones, if an account may give no more', () => {
  const given = [{ emoji: '🔥', count: 2, isChosen: true, order: 1 }, { emoji: '👍', count: 1, isChosen: true, order: 0 }, { emoji: '🎉', count: 1, isChosen: false }];
  expect(toggledReactions(ownReactions(given), '🎉', 3)).toEqual(['👍', '🔥', '🎉']);
  expect(toggledReactions(ownReactions(given), '🎉', 2)).toEqual(['🔥', '🎉']);
  expect(toggledReactions(ownReactions(given), '👍', 2)).toEqual(['🔥']);
  expect(toggledReactions(ownReactions(undefined), '👍', 1)).toEqual(['👍']);
});

test('which reactions are allowed is read and written', () => {
  const some: tl.RawChatReactionsSome = { _: 'chatReactionsSome', reactions: [{ _: 'reactionEmoji', emoticon: '👍' }, { _: 'reactionCustomEmoji', documentId: Long.fromNumber(5) }] };
  expect(readAllowed({ availableReactions: some, reactionsLimit: 3 })).toEqual({ kind: 'some', emoji: ['👍', '#5'], limit: 3 });
  expect(readAllowed({ availableReactions: { _: 'chatReactionsAll', allowCustom: true } })).toEqual({ kind: 'all', custom: true });
  expect(readAllowed({ availableReactions: { _: 'chatReactionsAll' } })).toEqual({ kind: 'all' });
  expect(readAllowed({})).toEqual({ kind: 'none' });
  expect([writeAllowed({ kind: 'some', emoji: ['👍', '#5'] }), writeAllowed({ kind: 'all', custom: true }), writeAllowed({ kind: 'all' }), writeAllowed({ kind: 'none' })]).toEqual([some, { _: 'chatReactionsAll', allowCustom: true }, { _: 'chatReactionsAll' }, { _: 'chatReactionsNone' }]);
});

test('limits are those of the own account', () => {
  const values = new Map([['x_default', 1], ['x_premium', 3]]);
  expect([false, true].map((isPremium) => new AppConfig(values, () => isPremium).limit('x', 9))).toEqual([1, 3]);
  expect(new AppConfig(values, () => true).limit('y', 9)).toBe(9);
});
