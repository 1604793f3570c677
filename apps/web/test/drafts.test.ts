import 'fake-indexeddb/auto';
import type { tl } from '@mtcute/core';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../src/worker/account.ts';
import { Outbox } from '../src/worker/send/outbox.ts';
import type { Store } from '../src/worker/store/store.ts';
import { makeChat, makeContext, SELF } from './made.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

interface Call {
  name: string;
  text: string;
  clearDraft?: boolean;
  answer(value: unknown): void;
}

/** An outbox whose calls wait until the test answers them. */
async function makeOutbox(): Promise<{ outbox: Outbox; store: Store; calls: Call[] }> {
  const { store, context } = await makeContext();
  store.setChat(makeChat(5));
  const calls: Call[] = [];
  const account = {
    store,
    context,
    me: SELF,
    database: { flush: () => Promise.resolve() },
    client: { handleClientUpdate: () => undefined },
    inputPeer: (): Promise<tl.TypeInputPeer> => Promise.resolve({ _: 'inputPeerEmpty' }),
    call: (request: tl.messages.RawSaveDraftRequest | tl.messages.RawSendMessageRequest) =>
      new Promise((answer) => calls.push({ name: request._, text: request.message, clearDraft: 'clearDraft' in request ? request.clearDraft : undefined, answer })),
  };
  return { outbox: new Outbox(account as unknown as Account), store, calls };
}

const draft = (text: string): { text: string; entities: [] } => ({ text, entities: [] });
const SENT: tl.RawUpdateShortSentMessage = { _: 'updateShortSentMessage', id: 9, pts: 1, ptsCount: 1, date: 1, out: true };
const names = (calls: readonly Call[]): string[] => calls.map(({ name, text }) => `${name} ${text}`);

describe('drafts', () => {
  test('a text is sent after the draft that is being stored, which is a draft no more', async () => {
    const { outbox, store, calls } = await makeOutbox();
    const saved = outbox.drafts.save(5, draft('half'));
    await expect.poll(() => names(calls)).toEqual(['messages.saveDraft half']);
    const late = outbox.drafts.save(5, draft('half a'));
    await outbox.send({ peer: 5, ...draft('half a text') });
    calls[0]!.answer(true);
    await Promise.all([saved, late]);
    // What waited for its turn is not stored any more.
    await expect.poll(() => names(calls)).toEqual(['messages.saveDraft half', 'messages.sendMessage half a text']);
    expect(store.chats.get(5)?.draft).toBeUndefined();
  });

  test('what is written after a text is stored after the text was sent', async () => {
    const { outbox, store, calls } = await makeOutbox();
    await outbox.send({ peer: 5, ...draft('a text') });
    await expect.poll(() => names(calls)).toEqual(['messages.sendMessage a text']);
    const saved = outbox.drafts.save(5, draft('the next one'));
    const elsewhere = outbox.drafts.save(6, draft('to somebody else'));
    await expect.poll(() => names(calls).slice(1)).toEqual(['messages.saveDraft to somebody else']);
    calls[0]!.answer(SENT);
    await expect.poll(() => names(calls).slice(2)).toEqual(['messages.saveDraft the next one']);
    for (const { answer } of calls) answer(true);
    await Promise.all([saved, elsewhere]);
    expect(store.chats.get(5)?.draft?.text).toBe('the next one');
  });

  test('a text that waits for another one does not delete what was stored after it was written', async () => {
    const { outbox, calls } = await makeOutbox();
    await outbox.send({ peer: 5, ...draft('one') });
    await outbox.send({ peer: 5, ...draft('two') });
    await expect.poll(() => names(calls)).toEqual(['messages.sendMessage one']);
    const saved = outbox.drafts.save(5, draft('three'));
    calls[0]!.answer(SENT);
    await expect.poll(() => names(calls).slice(1)).toEqual(['messages.saveDraft three']);
    calls[1]!.answer(true);
    await saved;
    await expect.poll(() => names(calls).slice(2)).toEqual(['messages.sendMessage two']);
    expect(calls.map(({ clearDraft }) => clearDraft)).toEqual([true, undefined, false]);
  });
});
