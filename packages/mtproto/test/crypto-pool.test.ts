import { generateKeyPairSync } from 'node:crypto';
import { checkDhValue, createDhGroup, padBigEndian, readRsaPrivateKey, rsaPadEncrypt, type RsaPrivateKey } from '@aerogram/crypto';
import { seededRandom, workerFile } from '@aerogram/runtime';
import { mtEncode } from '@aerogram/tl';
import { afterEach, describe, expect, it } from 'vitest';
import { createCryptoPool, CryptoBusyError, type CryptoPool, type CryptoPoolOptions } from '../src/index.ts';
import { negotiateAuthKey } from '../src/client.ts';
import { HandshakeRuns } from '../src/handshake/index.ts';
import { bodyOf, clientGroup, handshakeFixture, makeRsaKey } from './handshake-fixture.ts';

const random = seededRandom('handshake-pool');
const key = makeRsaKey();
const open = new Set<CryptoPool>();
const crashes: Error[] = [];

async function pool(more: Partial<CryptoPoolOptions> = {}): Promise<CryptoPool> {
  const made = await createCryptoPool({
    workerFile: workerFile('crypto-worker'),
    threads: 1,
    keys: [key],
    onCrash: (error) => crashes.push(error),
    ...more,
  });
  open.add(made);
  return made;
}

afterEach(async () => {
  for (const made of open) await made[Symbol.asyncDispose]();
  open.clear();
  crashes.length = 0;
});

function innerData(): Uint8Array {
  const inner = mtEncode({
    _: 'p_q_inner_data',
    pq: random.bytes(8),
    p: random.bytes(4),
    q: random.bytes(4),
    nonce: random.bytes(16),
    server_nonce: random.bytes(16),
    new_nonce: random.bytes(32),
  });
  return Uint8Array.from(inner);
}

/** A worker that answers `open` with nothing and crashes on `agree`. */
const MORTAL = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ id, op }) => {
      if (op === 'agree') process.exit(3);
      parentPort.postMessage({ type: 'opened', id, opened: undefined });
    });
    parentPort.postMessage({ type: 'ready' });
  `)}`,
);

describe('the crypto pool', () => {
  it('runs the steps in threads and gives each caller its own result', async () => {
    const workers = await pool({ threads: 2 });
    const inners = Array.from({ length: 40 }, innerData);
    const opened = await Promise.all(inners.map((inner) => workers.open(key.fingerprint, rsaPadEncrypt(inner, key, random))));
    expect(opened.map((it) => it?.inner)).toEqual(inners);
    const [first] = opened;
    const client = createDhGroup(64).generate(random);
    const authKey = await workers.agree(first!.pair.secret, client.shown);
    expect(authKey).toEqual(Uint8Array.from(clientGroup().agree(client.secret, first!.pair.shown)));
    expect(checkDhValue(first!.pair.shown)).toBeDefined();
    expect(workers.load).toBe(0);
  });

  it('only knows its own keys', async () => {
    const workers = await pool();
    expect(await workers.open(key.fingerprint + 1n, rsaPadEncrypt(innerData(), key, random))).toBeUndefined();
    expect(await workers.open(key.fingerprint, random.bytes(256))).toBeUndefined();
    expect(await workers.open(key.fingerprint, random.bytes(300))).toBeUndefined();
  });

  it('decrypts numbers whose leading zeros were cut off', async () => {
    const workers = await pool();
    for (;;) {
      const inner = innerData();
      const encrypted = rsaPadEncrypt(inner, key, random);
      if (encrypted[0] !== 0) continue;
      expect(padBigEndian(encrypted.subarray(1), 256)).toEqual(Uint8Array.from(encrypted));
      expect((await workers.open(key.fingerprint, encrypted.subarray(1)))?.inner).toEqual(inner);
      return;
    }
  });

  it('refuses steps beyond its queue limit', async () => {
    const workers = await pool({ queueLimit: 10 });
    const encrypted = rsaPadEncrypt(innerData(), key, random);
    const results = await Promise.allSettled(Array.from({ length: 25 }, () => workers.open(key.fingerprint, encrypted)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    const reasons = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
    expect(reasons.every((reason) => reason instanceof CryptoBusyError)).toBe(true);
    expect(await workers.open(key.fingerprint, encrypted)).toBeDefined();
  });

  it('rejects a step that fails and continues', async () => {
    const workers = await pool();
    await expect(workers.agree(new Uint8Array(0), clientGroup().generate(random).shown)).rejects.toThrow(Error);
    expect(await workers.open(key.fingerprint, rsaPadEncrypt(innerData(), key, random))).toBeDefined();
    expect(crashes).toEqual([]);
  });

  it('rejects the steps of a worker that crashed, starts another and continues', async () => {
    const workers = await pool({ workerFile: MORTAL });
    for (let death = 1; death <= 3; death++) {
      const deadly = Promise.allSettled([workers.agree(random.bytes(64), random.bytes(256)), workers.open(1n, random.bytes(256))]);
      const waiting = Array.from({ length: 8 }, () => workers.open(1n, random.bytes(256)));
      expect((await deadly).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      // The worker had taken some steps in advance; its replacement does the rest.
      const settled = await Promise.allSettled(waiting);
      expect(settled.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
      expect(crashes).toHaveLength(death);
      expect(await workers.open(1n, random.bytes(256))).toBeUndefined();
    }
    expect(crashes[0]!.message).toContain('code 3');
    expect(workers.load).toBe(0);
  });

  it('does not start with a worker that cannot start', async () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'pem', type: 'pkcs1' }).toString();
    expect(() => readRsaPrivateKey(short)).toThrow(TypeError);
    const broken: RsaPrivateKey = { ...key, privatePem: short };
    await expect(pool({ keys: [broken] })).rejects.toThrow('2048 bits');
    await expect(pool({ threads: 0 })).rejects.toThrow(RangeError);
  });

  it('rejects waiting steps when it is closed', async () => {
    const workers = await pool();
    const encrypted = rsaPadEncrypt(innerData(), key, random);
    const waiting = Array.from({ length: 20 }, () => workers.open(key.fingerprint, encrypted));
    const settled = Promise.allSettled(waiting);
    await workers[Symbol.asyncDispose]();
    expect((await settled).filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
    expect(workers.load).toBe(0);
    await expect(workers.open(key.fingerprint, encrypted)).rejects.toThrow('closed');
  });

  it('serves complete handshakes', async () => {
    const workers = await pool();
    const server = { ...handshakeFixture(random, workers), fingerprints: [key.fingerprint] };
    const runs = new HandshakeRuns(server);
    const exchange = async (body: Uint8Array): Promise<Uint8Array> => bodyOf(await runs.receive(body));
    const made = await negotiateAuthKey(exchange, { publicKeys: [key], group: clientGroup(), random, dc: 2 });
    expect(server.store.keys.get(made.authKeyId)?.key).toEqual(Uint8Array.from(made.authKey));
  });
});
