import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Account } from '../src/worker/account.ts';
import type { HistoryLoader } from '../src/worker/load-history.ts';
import { tlPeer } from '../src/worker/models/ids.ts';
import { type MessageRow, readMessage } from '../src/worker/models/message.ts';
import { Changes } from '../src/worker/store/changes.ts';
import type { Store } from '../src/worker/store/store.ts';
import { MessageWindow } from '../src/worker/views/history-view.ts';
import { makeChat, makeContext, SELF } from './made.ts';

const BOB = 7;
const KEY = `${BOB}:3`;

const rowOf = (id: number, replyTo?: number): MessageRow =>
  readMessage(
    { _: 'message', id, peerId: tlPeer(BOB), fromId: tlPeer(BOB), date: 100 + id, message: `text ${id}`, replyTo: replyTo === undefined ? undefined : { _: 'messageReplyHeader', replyToMsgId: replyTo } },
    SELF,
  )!;

/** An error as the server answers with it. */
const refusal = (text: string): Error => Object.assign(new Error(text), { text, code: 400 });

describe('a message that another one answers', () => {
  let store: Store;
  let asked: number;

  beforeEach(async () => {
    ({ store } = await makeContext());
    store.setChat(makeChat(BOB, { topId: 5 }));
    asked = 0;
  });

  /** Opens the chat. @param find answers when the message is looked for */
  async function open(find: () => Promise<MessageRow[]>): Promise<MessageWindow> {
    const loader = {
      pagesOf: () => ({ older: () => Promise.resolve({ rows: [rowOf(5, 3)], isStart: true, isEnd: true }) }),
      get: () => {
        asked++;
        return find();
      },
    };
    const view = new MessageWindow({ account: { store } as unknown as Account, loader: loader as unknown as HistoryLoader, say: { peer: BOB } });
    await view.start();
    return view;
  }

  test.each(['MESSAGE_ID_INVALID', 'CHANNEL_PRIVATE'])('is gone if the server says %s', async (name) => {
    const view = await open(() => Promise.reject(refusal(name)));
    expect(view.takePatch()?.replied).toEqual({ [KEY]: undefined });
  });

  test('is gone if the answer is empty', async () => {
    const view = await open(() => Promise.resolve([]));
    expect(view.takePatch()?.replied).toEqual({ [KEY]: undefined });
  });

  test.each(['FLOOD_WAIT_%d', 'INTERNAL'])('is not gone because of %s, and is looked for again', async (name) => {
    const view = await open(() => (asked === 1 ? Promise.reject(refusal(name)) : Promise.resolve([rowOf(3)])));
    expect(view.takePatch()?.replied).toBeUndefined();
    store.putMessage(rowOf(6, 3));
    const changes = new Changes();
    changes.messages.set(BOB, new Set([6]));
    view.notice(changes);
    await vi.waitFor(() => expect(view.takePatch()?.replied).toMatchObject({ [KEY]: { text: 'text 3' } }));
  });
});

test('a message that arrives while the first page of a chat is read stands behind it', async () => {
  const { store } = await makeContext();
  store.setChat(makeChat(BOB, { topId: 5 }));
  let answer: ((page: object) => void) | undefined;
  const loader = { pagesOf: () => ({ older: () => new Promise((resolve) => (answer = resolve)) }), get: () => Promise.resolve([]) };
  const view = new MessageWindow({ account: { store } as unknown as Account, loader: loader as unknown as HistoryLoader, say: { peer: BOB } });
  const starting = view.start();
  const page = { rows: [rowOf(5)], isStart: true, isEnd: true };
  await vi.waitFor(() => expect(answer).toBeDefined());
  store.putMessage(rowOf(6));
  const changes = new Changes();
  changes.messages.set(BOB, new Set([6]));
  view.notice(changes);
  answer!(page);
  await starting;
  const patch = view.takePatch();
  expect([patch?.messages?.map(({ id }) => id).toSorted(), patch?.removed]).toEqual([[5, 6], undefined]);
  expect([5, 6].map((id) => view.shows(BOB, id))).toEqual([true, true]);
});
