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

test('chats are shown after a log-in once updates are received', async () => {
  const loop = gate();
  const listeners = { add: ignore };
  const client = { onConnectionState: listeners, onError: listeners, onRawUpdate: listeners, connect: () => Promise.resolve(), notifyLoggedIn: () => loop.passed, call: ignore };
  vi.mocked(createClient).mockResolvedValue(client as never);
  const account = await open({ loadServing: () => Promise.resolve({ begin: ignore, takeUpdate: ignore }) });
  await account.start();
  const loggedIn = account.logIn({ _: 'auth.authorization', user: { _: 'user', id: 7 } } as never);
  await turn();
  expect(account.store.session.stage).toBe('logIn');
  loop.pass();
  await loggedIn;
  expect(account.store.session).toMatchObject({ me: 7, stage: 'ready' });
});

test('nothing is asked before updates are received: what happens between an answer and the first update would be missed', async () => {
  await Database.open().then((database) => {
    database.put('session', 'me', 7);
    return database.flush();
  });
  const [loop, call] = [gate(), vi.fn<() => Promise<unknown>>().mockResolvedValue({})];
  const listeners = { add: ignore };
  const client = { onConnectionState: listeners, onError: listeners, onRawUpdate: listeners, connect: () => Promise.resolve(), startUpdatesLoop: () => loop.passed, call };
  vi.mocked(createClient).mockResolvedValue(client as never);
  const begin = vi.fn<() => void>();
  const account = await open({ loadServing: () => Promise.resolve({ begin, takeUpdate: ignore }) });
  expect(account.store.session).toMatchObject({ me: 7, stage: 'ready' });
  const asked = account.call({ _: 'messages.getAllDrafts' });
  const started = account.start();
  await turn();
  expect(call).not.toHaveBeenCalled();
  loop.pass();
  await Promise.all([started, asked]);
  expect([call.mock.calls.length, begin.mock.calls.length]).toEqual([1, 1]);
});
