import 'fake-indexeddb/auto';
import { expect, test, vi } from 'vitest';
import { Account, type AccountOptions } from '../src/worker/account.ts';
import { createClient } from '../src/worker/connect.ts';
import { Database } from '../src/worker/store/database.ts';

// mtcute's WebAssembly is loaded by the build of the client only.
vi.mock('../src/worker/connect.ts', () => ({ createClient: vi.fn<() => Promise<unknown>>() }));
vi.mock('../src/worker/server.ts', () => ({ loadServerFacts: () => Promise.resolve({ test_mode: false }) }));

const ignore = (): void => undefined;
const open = (options: Partial<AccountOptions> = {}): Promise<Account> =>
  Account.open({ origin: '', build: '', language: 'en', onChange: ignore, onServe: ignore, loadServing: () => Promise.reject(new Error('not logged in')), onEnd: ignore, ...options });

test('a log-out ends although the browser could not delete its database', async () => {
  const onEnd = vi.fn<() => void>();
  const account = await open({ onEnd });
  vi.spyOn(Database, 'erase').mockRejectedValue(new DOMException('', 'UnknownError'));
  await account.logOut();
  expect(onEnd).toHaveBeenCalledOnce();
});

test('a change that the server says is made already is looked for: the answer to the first try may have been lost with its update', async () => {
  const catchUp = vi.fn<() => void>();
  const call = vi.fn<() => Promise<unknown>>();
  const listeners = { add: ignore };
  vi.mocked(createClient).mockResolvedValue({ onConnectionState: listeners, onError: listeners, connect: () => Promise.resolve(), call, updates: { catchUp } } as never);
  const account = await open();
  await account.start();
  const edit = (error: string): Promise<unknown> => {
    call.mockRejectedValueOnce(Object.assign(new Error(error), { code: 400, text: error }));
    return account.change({ _: 'messages.editMessage', peer: { _: 'inputPeerSelf' }, id: 1, message: 'one edited' });
  };
  await expect(edit('MESSAGE_ID_INVALID')).rejects.toThrow('MESSAGE_ID_INVALID');
  expect(catchUp).not.toHaveBeenCalled();
  await expect(edit('MESSAGE_NOT_MODIFIED')).rejects.toThrow('MESSAGE_NOT_MODIFIED');
  expect(catchUp).toHaveBeenCalledOnce();
});

/** Lets everything run that waits for nothing else. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** A promise, and what resolves it. */
function gate(): { passed: Promise<void>; pass(): void } {
  let pass = ignore;
  return { passed: new Promise<void>((resolve) => (pass = resolve)), pass: () => pass() };
}

/** A client that says where the box is when that is let pass. */
function clientThatSays(passed: Promise<void>): { client: object; call: ReturnType<typeof vi.fn>; updates: { pts?: number } } {
  const listeners = { add: ignore };
  const call = vi.fn<(request: { _: string }) => Promise<unknown>>(async ({ _ }) => (_ === 'updates.getState' ? passed.then(() => ({ pts: 5, qts: 0, date: 9, seq: 0 })) : {}));
  const updates: { pts?: number } = {};
  const done = (): Promise<void> => Promise.resolve();
  return { client: { onConnectionState: listeners, onError: listeners, onRawUpdate: listeners, connect: done, notifyLoggedIn: done, startUpdatesLoop: done, call, updates }, call, updates };
}

test('chats are shown after a log-in once it is known where the box is', async () => {
  const state = gate();
  const { client, updates } = clientThatSays(state.passed);
  vi.mocked(createClient).mockResolvedValue(client as never);
  const account = await open({ loadServing: () => Promise.resolve({ begin: ignore, takeUpdate: ignore }) });
  await account.start();
  const loggedIn = account.logIn({ _: 'auth.authorization', user: { _: 'user', id: 7 } } as never);
  await turn();
  expect(account.store.session.stage).toBe('logIn');
  state.pass();
  await loggedIn;
  expect(account.store.session).toMatchObject({ me: 7, stage: 'ready' });
  expect(updates.pts).toBe(5);
});

test('nothing is asked before it is known where the box is: what happens between an answer and that would never be told', async () => {
  await Database.open().then((database) => {
    database.put('session', 'me', 7);
    return database.flush();
  });
  const state = gate();
  const { client, call } = clientThatSays(state.passed);
  vi.mocked(createClient).mockResolvedValue(client as never);
  const begin = vi.fn<() => void>();
  const account = await open({ loadServing: () => Promise.resolve({ begin, takeUpdate: ignore }) });
  expect(account.store.session).toMatchObject({ me: 7, stage: 'ready' });
  const asked = account.call({ _: 'messages.getAllDrafts' });
  const started = account.start();
  await turn();
  expect(call.mock.calls.map(([request]) => (request as { _: string })._)).toEqual(['updates.getState']);
  state.pass();
  await Promise.all([started, asked]);
  expect(call.mock.calls.map(([request]) => (request as { _: string })._)).toEqual(['updates.getState', 'messages.getAllDrafts']);
  expect(begin).toHaveBeenCalledOnce();
});
