import 'fake-indexeddb/auto';
import type { BaseTelegramClient } from '@mtcute/core/client.js';
import type { tl } from '@mtcute/core';
import Long from 'long';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Poll } from '../src/protocol/index.ts';
import { Account } from '../src/worker/account.ts';
import { freshen } from '../src/worker/freshen.ts';
import { HistoryLoader } from '../src/worker/load-history.ts';
import { reduce } from '../src/worker/reduce/index.ts';
import { rawUpdate, SELF } from './made.ts';
import { asSent } from './sent.ts';

// mtcute's WebAssembly is loaded by the build of the client only.
vi.mock('../src/worker/connect.ts', () => ({ createClient: vi.fn<() => never>() }));

beforeAll(() => vi.stubGlobal('location', { hash: '', origin: '' }));

const BOB = 7;
const ID = 10;
const WRONG = Uint8Array.of(48);
const RIGHT = Uint8Array.of(49);
const text = (value: string): tl.RawTextWithEntities => ({ _: 'textWithEntities', text: value, entities: [] });
const poll: tl.RawPoll = { _: 'poll', id: Long.fromNumber(5), hash: Long.fromNumber(2), question: text('Two and two?'), quiz: true, answers: [WRONG, RIGHT].map((option) => ({ _: 'pollAnswer', text: text('Some'), option })) };
const results = (totals: number[], values: Partial<tl.RawPollResults> = {}, marks: Partial<tl.RawPollAnswerVoters> = {}): tl.RawPollResults => ({
  _: 'pollResults',
  results: [WRONG, RIGHT].map((option, at) => ({ _: 'pollAnswerVoters', option, voters: totals[at]!, recentVoters: [], ...(option === RIGHT ? marks : {}) })),
  totalVoters: totals[0]! + totals[1]!,
  ...values,
});
const BEFORE = results([0, 0]);
const afterVote = (totals: number[]): tl.RawPollResults => results(totals, { solution: 'Count.', solutionEntities: [] }, { chosen: true, correct: true });
const message = (told: tl.RawPollResults): tl.RawMessage => ({ _: 'message', id: ID, peerId: { _: 'peerUser', userId: BOB }, date: 1, message: '', media: { _: 'messageMediaPoll', poll, results: told } });
const messages = (told: tl.RawPollResults): tl.messages.RawMessages => ({ _: 'messages.messages', messages: [message(told)], topics: [], chats: [], users: [] });
const updates = (told: tl.RawPollResults): tl.RawUpdates => ({ _: 'updates', updates: [{ _: 'updateMessagePoll', pollId: poll.id, results: told }], users: [], chats: [], date: 1, seq: 0 });

/** An account that knows a quiz, and whose calls the test answers. */
async function setUp(): Promise<{ account: Account; asked(methods: string[]): Promise<void>; answer(method: string, value: { _: string }): Promise<void>; poll(): Poll | undefined }> {
  const ignore = (): void => undefined;
  const account = await Account.open({ origin: '', build: '', language: 'en', onChange: ignore, onServe: ignore, loadServing: () => Promise.reject(new Error('not logged in')), onEnd: ignore });
  account.store.setSession({ me: SELF, stage: 'ready' });
  account.store.isShown = () => true;
  const waiting = new Map<string, (value: unknown) => void>();
  const client = {
    call: (request: tl.RpcMethod) => new Promise((resolve) => waiting.set(request._, resolve)),
    handleClientUpdate: (told: tl.RawUpdates) => told.updates.forEach((update) => reduce(account.context, rawUpdate(update))),
    storage: { peers: { getById: () => Promise.resolve({ _: 'inputPeerUser', userId: BOB, accessHash: Long.ONE }) } },
  };
  vi.spyOn(account, 'client', 'get').mockReturnValue(client as unknown as BaseTelegramClient);
  vi.spyOn(account, 'waitForClient').mockResolvedValue(client as unknown as BaseTelegramClient);
  reduce(account.context, rawUpdate(asSent({ _: 'updateNewMessage', message: message(BEFORE), pts: 1, ptsCount: 1 })));
  return {
    account,
    asked: async (methods) => await vi.waitFor(() => expect([...waiting.keys()]).toEqual(expect.arrayContaining(methods)), { interval: 1 }),
    answer: async (method, value) => {
      waiting.get(method)!(asSent(value));
      waiting.delete(method);
      // What the account does with the answer.
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    },
    poll: () => {
      const media = account.store.message(BOB, ID)?.media;
      return media?.kind === 'poll' ? media.poll : undefined;
    },
  };
}

const ordersOf = <Item>(items: Item[]): Item[][] => (items.length === 0 ? [[]] : items.flatMap((item, at) => ordersOf(items.toSpliced(at, 1)).map((rest) => [item, ...rest])));

const PIECES = ['answer to the vote', 'own results', 'results for all', 'history from before', 'results from before'] as const;

/** Brings to an account that has just voted, in this order, what the server tells of it, and checks after each piece what the account knows. */
async function bringIn(order: readonly (typeof PIECES)[number][]): Promise<void> {
  const { account, asked, answer, ...now } = await setUp();
  const history = new HistoryLoader(account);
  const take = (told: tl.RawPollResults): void => account.take(asSent(updates(told)));
  const bring: Record<(typeof PIECES)[number], () => Promise<void> | void> = {
    'answer to the vote': () => answer('messages.sendVote', updates(afterVote([0, 1]))),
    'own results': () => take(afterVote([1, 1])),
    'results for all': () => take(results([1, 1], { min: true })),
    'history from before': () => answer('messages.getMessages', messages(BEFORE)),
    'results from before': () => answer('messages.getPollResults', updates(BEFORE)),
  };
  const early = [history.reload(BOB, [ID]), freshen({ account, history }, BOB, [ID])];
  const vote = account.change({ _: 'messages.sendVote', peer: { _: 'inputPeerSelf' }, msgId: ID, options: [RIGHT] });
  await asked(['messages.getMessages', 'messages.getPollResults', 'messages.getMessagesReactions', 'messages.sendVote']);
  let isTold = false;
  for (const piece of order) {
    await bring[piece]();
    isTold ||= piece === 'answer to the vote' || piece === 'own results';
    const { answers, solution } = now.poll()!;
    const marks = answers.map(({ isChosen, isCorrect }) => [isChosen === true, isCorrect === true]);
    expect([marks, solution?.text], `${piece} of ${order.join(', ')}`).toEqual([[[false, false], [isTold, isTold]], isTold ? 'Count.' : undefined]);
  }
  await answer('messages.getMessagesReactions', updates(results([1, 1], { min: true })));
  await Promise.all([...early, vote]);
  // What was asked for later is believed.
  const later = history.reload(BOB, [ID]);
  await asked(['messages.getMessages']);
  await answer('messages.getMessages', messages(BEFORE));
  await later;
  expect(now.poll()).toMatchObject({ solution: undefined, answers: [{ isChosen: false }, { isChosen: false, isCorrect: false }] });
}

test('an own vote in a quiz stays with what it told, in whatever order that and what was asked for before arrives', async () => {
  for (const order of ordersOf([...PIECES])) await bringIn(order);
});
