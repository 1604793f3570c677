import { deriveNodeKeys, MAC_HEADER, MESSAGE_HEADER, type PushContent, signMessage } from '@aerogram/cdn-protocol';
import { createFakeClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { MAX_SKEW_MS, PushGuard } from '../src/push-guard.ts';

const { push: key } = deriveNodeKeys(new Uint8Array(32).fill(1));
const clock = createFakeClock();
let count = 0;

function headers(change: { boot?: string; timeMs?: number; key?: Uint8Array; content?: PushContent } = {}): [string, string] {
  const nonce = (++count).toString(16).padStart(32, '0');
  const signed = signMessage(change.key ?? key, { content: { kind: 'alive', ticket: '0'.repeat(48) }, boot: 'now', timeMs: clock.nowMs(), nonce, ...change });
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

test('windows leave room for the messages without which the node stops serving', () => {
  const guard = new PushGuard({ key, boot: 'now', clock, most: 10 });
  const content: PushContent = { kind: 'window', file: '0'.repeat(32), window: 0, size: 5, sha256: '0'.repeat(64) };
  for (let n = 0; n < 9; n++) expect(guard.accept(...headers({ content }))).toMatchObject({ boot: 'now' });
  expect(guard.accept(...headers({ content }))).toBe('too-many');
  expect(guard.accept(...headers())).toMatchObject({ boot: 'now' });
});
