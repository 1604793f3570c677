import { deriveNodeKeys, WINDOW_BYTES, writeFileToken } from '@aerogram/cdn-protocol';
import type { Dispatcher, RpcAnswer } from '@aerogram/rpc';
import { ByteBudget, createFakeClock, createMetrics } from '@aerogram/runtime';
import { encode } from '@aerogram/tl';
import { expect, test } from 'vitest';
import { createCdnCalls } from '../src/cdn-calls.ts';
import { CdnFiles } from '../src/cdn-files.ts';
import { ClientNetworks } from '../src/client-networks.ts';
import { Lease } from '../src/lease.ts';

const { token: tokenKey } = deriveNodeKeys(new Uint8Array(32).fill(1));
const PART = 131_072;

/** The calls of a node that has a file, and room for ten answers, or for twenty of clients without another one on the way. */
function startCalls(): (address: string, key: bigint) => Promise<RpcAnswer> {
  const clock = createFakeClock();
  const lease = new Lease(clock);
  lease.renew(lease.giveTicket());
  const files = new CdnFiles({ tokenKey, clock, lease, bytes: 4 * WINDOW_BYTES, maxIdleMs: 60_000 });
  const message = { kind: 'window' as const, file: '07'.repeat(16), window: 0, size: WINDOW_BYTES, sha256: '' };
  const draft = files.receive(message);
  if (typeof draft === 'string') throw new Error(draft);
  draft.write(new Uint8Array(WINDOW_BYTES));
  files.keep(draft, message);
  const networks = new ClientNetworks(1000);
  const room = new ByteBudget(10 * PART, { most: 20 * PART, groupOf: (owner) => networks.find(owner) });
  const calls: Dispatcher = createCdnCalls({ files, room, networks, clock, metrics: createMetrics() });
  const token = writeFileToken(tokenKey, { fileId: Buffer.from(message.file, 'hex'), size: message.size, expires_date: clock.now() + 600, sealed: new Uint8Array(0) });
  const body = encode({ _: 'upload.getCdnFile', file_token: token, offset: 0n, limit: PART });
  return async (remoteAddress, authKeyId) => {
    const answer = calls.dispatch({ session: { authKeyId, sessionId: 1n, remoteAddress, localAddress: '203.0.113.1', localPort: 443 }, msgId: 1n, body });
    // What finds no room is refused after ten seconds.
    await Promise.race([answer, clock.advance(10_000)]);
    return answer;
  };
}

test('a client with many keys that reads slowly takes no room from clients of other addresses', async () => {
  const call = startCalls();
  const slow: (string | undefined)[] = [];
  for (let key = 1n; key <= 17n; key++) slow.push((await call('198.51.100.7', key)).error);
  expect(slow).toEqual([...Array.from({ length: 15 }, () => undefined), 'FLOOD_WAIT_5', 'FLOOD_WAIT_5']);
  for (let key = 100n; key < 103n; key++) {
    const { error, part } = await call('203.0.113.9', key);
    expect(error).toBeUndefined();
    part!.release();
  }
});

test('a slow client takes no room from others of its address, and clients behind a proxy on this machine count apart', async () => {
  const call = startCalls();
  for (let n = 0; n < 10; n++) expect((await call('2001:db8::7', 1n)).error).toBeUndefined();
  expect((await call('2001:db8::7', 1n)).error).toBe('FLOOD_WAIT_5');
  expect((await call('2001:db8::8', 2n)).error).toBeUndefined();
  const local = startCalls();
  for (let key = 1n; key <= 20n; key++) expect((await local('127.0.0.1', key)).error).toBeUndefined();
});
