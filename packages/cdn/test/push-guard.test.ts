import { deriveNodeKeys, MAC_HEADER, MESSAGE_HEADER, signMessage } from '@aerogram/cdn-protocol';
import { createFakeClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { MAX_SKEW_MS, PushGuard } from '../src/push-guard.ts';

const { push: key } = deriveNodeKeys(new Uint8Array(32).fill(1));
const clock = createFakeClock();
let count = 0;

function headers(change: { boot?: string; timeMs?: number; key?: Uint8Array } = {}): [string, string] {
  const nonce = (++count).toString(16).padStart(32, '0');
  const signed = signMessage(change.key ?? key, { content: { kind: 'alive' }, boot: 'now', timeMs: clock.nowMs(), nonce, ...change });
  return [signed[MESSAGE_HEADER], signed[MAC_HEADER]];
}

test('a message is accepted once', async () => {
  const guard = new PushGuard({ key, boot: 'now', clock, most: 10 });
  const message = headers();
  expect(guard.accept(...message)).toMatchObject({ content: { kind: 'alive' } });
  expect(guard.accept(...message)).toBe('replayed');
  await clock.advance(MAX_SKEW_MS);
  expect(guard.accept(...message)).toBe('replayed');
  await clock.advance(1);
  expect(guard.accept(...message)).toBe('too-old');
});

test('messages of somebody else, for an earlier run, or of another time are refused', () => {
  const guard = new PushGuard({ key, boot: 'now', clock, most: 10 });
  expect(guard.accept(...headers({ key: new Uint8Array(32) }))).toBe('unauthentic');
  expect(guard.accept(undefined, undefined)).toBe('unauthentic');
  expect(guard.accept(...headers({ boot: 'before' }))).toBe('other-boot');
  expect(guard.accept(...headers({ timeMs: clock.nowMs() - MAX_SKEW_MS - 1 }))).toBe('too-old');
  expect(guard.accept(...headers({ timeMs: clock.nowMs() + MAX_SKEW_MS + 1 }))).toBe('too-old');
});

test('a message from a clock that is ahead cannot be replayed for as long as it could be accepted', async () => {
  const guard = new PushGuard({ key, boot: 'now', clock, most: 10 });
  const message = headers({ timeMs: clock.nowMs() + MAX_SKEW_MS });
  guard.accept(...headers());
  expect(guard.accept(...message)).toMatchObject({ boot: 'now' });
  await clock.advance(2 * MAX_SKEW_MS);
  expect(guard.accept(...message)).toBe('replayed');
});

test('when too many messages would have to be remembered, further ones are refused instead of forgetting some', async () => {
  const guard = new PushGuard({ key, boot: 'now', clock, most: 2 });
  const first = headers();
  guard.accept(...first);
  guard.accept(...headers());
  expect(guard.accept(...headers())).toBe('too-many');
  expect(guard.accept(...first)).toBe('replayed');
  await clock.advance(MAX_SKEW_MS + 1);
  expect(guard.accept(...headers())).toMatchObject({ boot: 'now' });
});
