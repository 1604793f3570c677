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
