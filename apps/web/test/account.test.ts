import 'fake-indexeddb/auto';
import { expect, test, vi } from 'vitest';
import { Account } from '../src/worker/account.ts';
import { Database } from '../src/worker/store/database.ts';

// mtcute's WebAssembly is loaded by the build of the client only.
vi.mock('../src/worker/connect.ts', () => ({ createClient: vi.fn<() => never>() }));

test('a log-out ends although the browser could not delete its database', async () => {
  const onEnd = vi.fn<() => void>();
  const ignore = (): void => undefined;
  const account = await Account.open({ origin: '', build: '', language: 'en', onChange: ignore, onServe: ignore, loadServing: () => Promise.reject(new Error('not logged in')), onEnd });
  vi.spyOn(Database, 'erase').mockRejectedValue(new DOMException('', 'UnknownError'));
  await account.logOut();
  expect(onEnd).toHaveBeenCalledOnce();
});
