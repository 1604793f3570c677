import { deriveNodeKeys, MAX_TOKEN_S, readRequestToken, TOKEN_S, WINDOW_BYTES, writeFileToken } from '@aerogram/cdn-protocol';
import { createFakeClock } from '@aerogram/runtime';
import { beforeEach, expect, test } from 'vitest';
import { CdnFiles } from '../src/cdn-files.ts';
import { ForgottenFiles } from '../src/forgotten-files.ts';
import { LEASE_MS, Lease } from '../src/lease.ts';

const { token: tokenKey } = deriveNodeKeys(new Uint8Array(32).fill(1));
const SIZE = WINDOW_BYTES + 5000;
const FILE = '07'.repeat(16);

let clock: ReturnType<typeof createFakeClock>;
let lease: Lease;
let files: CdnFiles;

beforeEach(() => {
  clock = createFakeClock();
  lease = new Lease(clock);
  lease.renew(lease.giveTicket());
  files = new CdnFiles({ tokenKey, clock, lease, bytes: 4 * WINDOW_BYTES, maxIdleMs: 60_000 });
});

const token = (lifeS = 600): Uint8Array =>
  writeFileToken(tokenKey, { fileId: Buffer.from(FILE, 'hex'), size: SIZE, expires_date: clock.now() + lifeS, sealed: new Uint8Array(0) });

function push(window: number, bytes: Uint8Array): boolean {
  const message = { kind: 'window' as const, file: FILE, window, size: SIZE, sha256: '' };
  const draft = files.receive(message);
  if (typeof draft === 'string') return false;
  draft.write(bytes);
  return files.keep(draft, message);
}

function load(offset: number, limit: number, withToken = token()): Uint8Array | string {
  const answer = files.find({ token: withToken, offset: BigInt(offset), limit });
  if (answer.outcome !== 'hit') return answer.outcome;
  const bytes = new Uint8Array(answer.length);
  answer.copy(bytes);
  return bytes;
}

test('a window that was pushed is served, others are asked for by a request token', () => {
  const last = new Uint8Array(5000).fill(9);
  expect(push(1, last)).toBe(true);
  expect(load(WINDOW_BYTES, 8192)).toEqual(last);
  expect(load(WINDOW_BYTES + 8192, 8192)).toEqual(new Uint8Array(0));
  const answer = files.find({ token: token(), offset: 4096n, limit: 4096 });
  if (answer.outcome !== 'miss') throw new Error(answer.outcome);
  expect(readRequestToken(tokenKey, Buffer.from(FILE, 'hex'), answer.requestToken, clock.now())).toEqual({ window: 0, date: clock.now() });
});

test('a part that breaks the rules is refused after the token was found valid', () => {
  expect(files.find({ token: token(), offset: 1n, limit: 4096 })).toEqual({ outcome: 'invalid', argument: 'offset' });
  expect(files.find({ token: token(), offset: 0n, limit: 4097 })).toEqual({ outcome: 'invalid', argument: 'limit' });
  expect(files.find({ token: new Uint8Array(50), offset: 1n, limit: 4097 })).toEqual({ outcome: 'token' });
});

test('nothing is served when the origin has been silent for 45 seconds, until it is heard again', async () => {
  push(1, new Uint8Array(5000));
  await clock.advance(LEASE_MS - 1);
  expect(load(WINDOW_BYTES, 4096)).toHaveLength(4096);
  await clock.advance(1);
  expect(load(WINDOW_BYTES, 4096)).toBe('token');
  lease.renew(lease.giveTicket());
  expect(load(WINDOW_BYTES, 4096)).toHaveLength(4096);
});

test('a forgotten file is not served to holders of valid tokens, and is not accepted again while they could be valid', () => {
  const old = token(MAX_TOKEN_S);
  push(1, new Uint8Array(5000));
  files.forget([FILE]);
  expect(load(WINDOW_BYTES, 4096, old)).toBe('token');
  expect(push(1, new Uint8Array(5000))).toBe(false);
  expect(files.cache.bytes).toBe(0);
});

test('a forgotten file is accepted and served again when no token of before is valid', async () => {
  const old = token(MAX_TOKEN_S);
  files.forget([FILE]);
  await clock.advance(1000);
  expect(load(WINDOW_BYTES, 4096, old)).toBe('token');
  await clock.advance(MAX_TOKEN_S * 1000);
  lease.renew(lease.giveTicket());
  expect(push(1, new Uint8Array(5000))).toBe(true);
  expect(load(WINDOW_BYTES, 4096)).toHaveLength(4096);
});

test('a file that is forgotten while a window of it arrives is not served', () => {
  const message = { kind: 'window' as const, file: FILE, window: 1, size: SIZE, sha256: '' };
  const draft = files.receive(message);
  if (typeof draft === 'string') throw new Error(draft);
  draft.write(new Uint8Array(5000));
  files.forget([FILE]);
  expect(files.keep(draft, message)).toBe(false);
  expect(files.cache.bytes).toBe(0);
});

test('when more files were forgotten than can be remembered, the old tokens of all files end', () => {
  const forgotten = new ForgottenFiles(2);
  for (const [at, file] of ['a', 'b', 'c'].entries()) forgotten.add(file, 1000 + at);
  expect(forgotten.size).toBe(2);
  expect(forgotten.allows('a', 1000 + TOKEN_S)).toBe(false);
  expect(forgotten.allows('d', 1000 + TOKEN_S)).toBe(false);
  // New tokens of other files are served after a minute.
  expect(forgotten.allows('d', 1060 + TOKEN_S)).toBe(false);
  expect(forgotten.allows('d', 1061 + TOKEN_S)).toBe(true);
  expect(forgotten.allows('c', 1061 + TOKEN_S)).toBe(false);
  forgotten.add('e', 1003 + MAX_TOKEN_S);
  expect(forgotten.size).toBe(1);
});
