import 'fake-indexeddb/auto';
import type { tl } from '@mtcute/core';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../src/worker/account.ts';
import { MessageChanges } from '../src/worker/send/message-changes.ts';
import { Database } from '../src/worker/store/database.ts';
import type { Store } from '../src/worker/store/store.ts';
import { makeContext, SELF } from './made.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

type Request = tl.messages.RawEditMessageRequest | tl.messages.RawDeleteMessagesRequest;
interface Call {
  request: Request;
  answer(value: unknown): void;
  refuse(error: Error): void;
}

/** Changes of an account whose calls wait until the test answers them. */
async function makeChanges(): Promise<{ changes: MessageChanges; store: Store; calls: Call[]; left(): Promise<unknown> }> {
  const { store, context } = await makeContext();
  const database = await Database.open();
  const calls: Call[] = [];
  const call = (request: Request): Promise<unknown> => new Promise((answer, refuse) => calls.push({ request, answer, refuse }));
  const account = { store, context, database, call, change: call, stepBox: () => undefined, inputPeer: () => Promise.resolve({ _: 'inputPeerEmpty' }) };
  for (const id of [7, 8]) store.putMessage({ key: `${id}`, id, peer: 5, from: SELF, date: id, isOut: true, text: `message ${id}` });
  return { changes: new MessageChanges(account as unknown as Account), store, calls, left: () => database.get('session', 'messageChanges') };
}

const names = (calls: readonly Call[]): string[] => calls.map(({ request }) => request._);
const AFFECTED = { pts: 1, ptsCount: 1 };

describe('edits and deletions', () => {
  test('one after the other in a chat; messages say what they wait for until it is done', async () => {
    const { changes, store, calls, left } = await makeChanges();
    const edited = changes.make({ kind: 'edit', peer: 5, messages: [7], text: 'new', entities: [] });
    const deleted = changes.make({ kind: 'delete', peer: 5, messages: [7, 8], forBoth: true });
    await expect.poll(() => names(calls)).toEqual(['messages.editMessage']);
    await expect.poll(() => [7, 8].map((id) => store.message(5, id)?.waitsFor)).toEqual(['delete', 'delete']);
    calls[0]!.answer({ _: 'updates' });
    await edited;
    expect(store.message(5, 7)?.waitsFor).toBe('delete');
    await expect.poll(() => names(calls)).toEqual(['messages.editMessage', 'messages.deleteMessages']);
    calls[1]!.answer(AFFECTED);
    await deleted;
    expect([store.message(5, 7), store.message(5, 8)]).toEqual([undefined, undefined]);
    expect(await left()).toEqual([]);
  });

  test('a refusal is told, and the message waits no more', async () => {
    const { changes, store, calls, left } = await makeChanges();
    const deleted = changes.make({ kind: 'delete', peer: 5, messages: [7], forBoth: true });
    await expect.poll(() => calls.length).toBe(1);
    calls[0]!.refuse(new Error('no'));
    await expect(deleted).rejects.toThrow('no');
    expect(store.message(5, 7)).toMatchObject({ text: 'message 7', waitsFor: undefined });
    expect(await left()).toEqual([]);
  });

  test('what was left from before is done later; what is under way is not begun twice', async () => {
    const before = await makeChanges();
    void before.changes.make({ kind: 'edit', peer: 5, messages: [7], text: 'new', entities: [] });
    await expect.poll(() => before.calls.length).toBe(1);
    const { changes, calls, left } = await makeChanges();
    void changes.make({ kind: 'delete', peer: 6, messages: [9], forBoth: false });
    await expect.poll(() => names(calls)).toEqual(['messages.deleteMessages']);
    const refused: unknown[] = [];
    const resumed = changes.resume((kind, refusal) => refused.push([kind, refusal]));
    await expect.poll(() => names(calls)).toEqual(['messages.deleteMessages', 'messages.editMessage']);
    expect(calls[1]!.request).toMatchObject({ id: 7, message: 'new' });
    calls[1]!.refuse(Object.assign(new Error('too late'), { code: 400, text: 'MESSAGE_EDIT_TIME_EXPIRED' }));
    await resumed;
    expect(refused).toEqual([['edit', { code: 'MESSAGE_EDIT_TIME_EXPIRED', seconds: undefined }]]);
    expect(await left()).toMatchObject([{ kind: 'delete', peer: 6 }]);
  });
});
