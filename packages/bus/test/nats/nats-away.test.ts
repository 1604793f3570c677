import { OperatorError } from '@aerogram/runtime';
import { describe, expect, test } from 'vitest';
import { parseNatsUrl } from '../../src/index.ts';
import { CERTIFICATE, findPort, hasNats, RunningNats } from '../../testing/index.ts';
import { connected, heardBy, makeBus } from './test-bus.ts';

const note = hasNats ? '' : ' (skipped: nats-server)';

test('without NATS a bus works within the process, counts what it drops, and ends at once', async () => {
  await using a = makeBus(await findPort());
  await a.bus.opened;
  const seen: unknown[] = [];
  a.bus.subscribe('user:1', (hint) => seen.push(hint));
  a.bus.publish('user:1', 1);
  a.bus.publish('accounts', 2);
  await expect.poll(() => seen).toEqual([1]);
  expect(a.bus.isConnected).toBe(false);
  expect(await a.metric('aerogram_nats_hints_dropped_total{reason="away"}')).toBe(2);
});

describe.runIf(hasNats)(`a server of NATS${note}`, () => {
  test('that is killed and started again is found again, and everybody is told twice', async () => {
    await using nats = await RunningNats.start();
    await using a = makeBus(nats.port, { node: 'a' });
    await using b = makeBus(nats.port, { node: 'b' });
    await connected(a, b);
    await heardBy(a, 'user:1', b);
    const gaps = b.gaps;
    await nats.kill();
    await expect.poll(() => b.gaps).toBe(gaps + 1);
    await expect.poll(() => a.bus.isConnected).toBe(false);
    const seen: unknown[] = [];
    b.bus.subscribe('user:2', (hint) => seen.push(hint));
    for (let n = 0; n < 1_000; n++) a.bus.publish('user:2', 'dropped');
    expect(await a.metric('aerogram_nats_hints_dropped_total{reason="away"}')).toBe(1_000);
    expect(await a.metric('aerogram_nats_connected')).toBe(0);
    await nats.start();
    await connected(a, b);
    expect(await a.metric('aerogram_nats_connected')).toBe(1);
    await heardBy(a, 'user:2', b);
    expect(b.gaps).toBeGreaterThanOrEqual(gaps + 2);
    expect(seen.filter((hint) => hint === 'dropped')).toEqual([]);
    await heardBy(b, 'user:3', a);
  });

  test('that is frozen takes 16 MB, then hints are dropped; the connection is given up, and there again when it wakes', async () => {
    await using nats = await RunningNats.start('max_payload: 1MB');
    await using a = makeBus(nats.port, { node: 'a' });
    await connected(a);
    nats.freeze();
    const large = new Uint8Array(900_000);
    for (let n = 0; n < 40; n++) a.bus.publish('accounts', large);
    expect(await a.metric('aerogram_nats_hints_dropped_total{reason="slow"}')).toBe(40 - Math.floor((16 * 1024 * 1024) / 900_100));
    await expect.poll(() => a.bus.isConnected, { timeout: 15_000 }).toBe(false);
    const started = performance.now();
    // A frozen server takes new connections and says nothing.
    await using b = makeBus(nats.port, { node: 'b' });
    await b.bus.opened;
    expect(performance.now() - started).toBeLessThan(8_000);
    nats.thaw();
    await connected(a, b);
    await heardBy(a, 'user:1', b);
  });

  test('that is frozen does not hold up the end of a node', async () => {
    await using nats = await RunningNats.start();
    const a = makeBus(nats.port);
    await connected(a);
    nats.freeze();
    const started = performance.now();
    await a[Symbol.asyncDispose]();
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('that refuses the credentials stops the start, and the error names no password', async () => {
    await using nats = await RunningNats.start('authorization: { user: "node", password: "right" }');
    await using wrong = makeBus(`nats://node:wr0ng@127.0.0.1:${nats.port}`);
    const error: unknown = await wrong.bus.opened.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OperatorError);
    expect(String(error)).toMatch(/refuses these credentials/);
    expect(String(error)).not.toContain('wr0ng');
    await using right = makeBus(`nats://node:right@127.0.0.1:${nats.port}`);
    await right.bus.opened;
    expect(right.bus.isConnected).toBe(true);
  });

  test('with a token takes who has it', async () => {
    await using nats = await RunningNats.start('authorization: { token: "t0ken" }');
    await using a = makeBus(`nats://t0ken@127.0.0.1:${nats.port}`);
    await a.bus.opened;
    expect(a.bus.isConnected).toBe(true);
  });

  test('with TLS is believed only if its certificate is signed by the authority and names its address', async () => {
    await using nats = await RunningNats.start('tls: { cert_file: "FOLDER/cert.pem", key_file: "FOLDER/key.pem" }');
    const at = (host: string, ca?: string) => makeBus('nats://127.0.0.1', { servers: { ...parseNatsUrl(`tls://${host}:${nats.port}`), ...(ca !== undefined && { ca }) } });
    await using good = at('127.0.0.1', CERTIFICATE.cert);
    await good.bus.opened;
    expect(good.bus.isConnected).toBe(true);
    await using unknown = at('127.0.0.1');
    await expect(unknown.bus.opened).rejects.toThrow(/certificate that is not trusted/);
    await using otherName = at('localhost', CERTIFICATE.cert);
    await expect(otherName.bus.opened).rejects.toThrow(/certificate that is not trusted/);
    await using plain = makeBus(nats.port);
    await expect(plain.bus.opened).rejects.toThrow(/TLS/);
  });

  test('without TLS is refused where TLS is asked for', async () => {
    await using nats = await RunningNats.start();
    await using a = makeBus(`tls://127.0.0.1:${nats.port}`);
    await expect(a.bus.opened).rejects.toThrow(/speaks no TLS/);
  });
});
