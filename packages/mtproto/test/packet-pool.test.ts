import { openMessage, sealMessage } from '@aerogram/crypto';
import { seededRandom, workerFile } from '@aerogram/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { createAuthKey, createPacketPool, LONG_PACKET_BYTES, type PacketPool, PacketPoolClosed, type PacketPoolOptions } from '../src/index.ts';
import { packMessage, sealHere } from '../src/session/envelope.ts';

const random = seededRandom('packet-pool');
const key = createAuthKey(random.bytes(256));
const open = new Set<PacketPool>();
const crashes: Error[] = [];

function pool(more: Partial<PacketPoolOptions> = {}): PacketPool {
  const made = createPacketPool({ workerFile: workerFile('packet-worker'), threads: 1, onCrash: (error) => crashes.push(error), ...more });
  open.add(made);
  return made;
}

afterEach(async () => {
  for (const made of open) await made[Symbol.asyncDispose]();
  open.clear();
  crashes.length = 0;
});

/** A packet of a client, padded. */
const sealed = (length: number): Uint8Array => sealMessage(key.bytes, key.idBytes, Buffer.alloc(length, random.bytes(1000)), 'to-server');
const unsealed = (length: number): { key: typeof key; padded: Uint8Array } => ({ key, padded: new Uint8Array(length).fill(7) });

/** A worker that reports its thread, and dies of a packet whose first byte is 1. */
const MORTAL = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, threadId } from 'node:worker_threads';
    parentPort.on('message', ({ id, packet }) => {
      if (packet[0] === 1) process.exit(3);
      parentPort.postMessage({ type: 'opened', id, opened: { plaintext: packet, quickAckToken: threadId } });
    });
    parentPort.postMessage({ type: 'ready' });
  `)}`,
);

describe('the packet pool', () => {
  it('opens and seals with the same results as this thread', async () => {
    const workers = pool({ threads: 2 });
    for (const length of [1_024, 65_536, 524_288, 1_048_576]) {
      const packet = sealed(length);
      const here = openMessage(key.bytes, packet, 'to-server')!;
      const opened = await workers.openPacket(key.bytes, packet, 'a');
      expect(opened?.quickAckToken).toBe(here.quickAckToken);
      expect(Buffer.compare(opened!.plaintext, here.plaintext)).toBe(0);
      const plain = unsealed(length);
      const expected = sealHere({ ...plain, padded: Uint8Array.from(plain.padded) });
      expect(Buffer.compare(await workers.sealPacket(plain, 'a'), expected)).toBe(0);
    }
    const wrong = sealed(65_536);
    wrong[40_000]! ^= 1;
    expect(await workers.openPacket(key.bytes, wrong, 'a')).toBeUndefined();
    expect(await workers.openPacket(key.bytes, new Uint8Array(70_001), 'a')).toBeUndefined();
    expect(workers.load).toBe(0);
  });

  it('takes the bytes of long packets instead of copying them', async () => {
    const workers = pool();
    const packet = sealed(LONG_PACKET_BYTES);
    const view = sealed(LONG_PACKET_BYTES + 16).subarray(16);
    const before = Uint8Array.from(view);
    const plain = unsealed(LONG_PACKET_BYTES);
    const [, , packed] = await Promise.all([workers.openPacket(key.bytes, packet, 'a'), workers.openPacket(key.bytes, view, 'a'), workers.sealPacket(plain, 'a')]);
    expect([packet.length, plain.padded.length]).toEqual([0, 0]);
    // Bytes that share their buffer with others stay as they are.
    expect(Buffer.compare(view, before)).toBe(0);
    expect(packed.buffer.byteLength).toBe(packed.length);
  });

  it('gives accounts equal shares, however many packets each has waiting', async () => {
    const workers = pool({ workerFile: MORTAL });
    const order: string[] = [];
    const send = (owner: string): Promise<unknown> => workers.openPacket(key.bytes, new Uint8Array(80_000), owner).then(() => order.push(owner));
    const many = Array.from({ length: 40 }, () => send('many'));
    const few = Array.from({ length: 10 }, () => send('few'));
    await Promise.all([...many, ...few]);
    // The thread may have begun with some before the others came.
    expect(order.slice(0, 26).filter((owner) => owner === 'few').length).toBeGreaterThanOrEqual(9);
  });

  it('says that it is full while much is waiting, and refuses nothing', async () => {
    const workers = pool({ workerFile: MORTAL });
    expect(workers.isFull).toBe(false);
    const all = Array.from({ length: 30 }, () => workers.openPacket(key.bytes, new Uint8Array(80_000), 'a'));
    expect(workers.isFull).toBe(true);
    expect((await Promise.all(all)).every((one) => one !== undefined)).toBe(true);
    expect(workers.isFull).toBe(false);
  });

  it('starts a thread when all others are busy, up to its limit', async () => {
    const workers = pool({ workerFile: MORTAL, threads: 2 });
    const threads = new Set<number>();
    while (threads.size < 2) {
      const opened = await Promise.all(Array.from({ length: 20 }, () => workers.openPacket(key.bytes, new Uint8Array(80_000), 'a')));
      for (const one of opened) threads.add(one!.quickAckToken);
    }
    for (let i = 0; i < 50; i++) threads.add((await workers.openPacket(key.bytes, new Uint8Array(80_000), 'a'))!.quickAckToken);
    expect(threads.size).toBe(2);
  });

  it('rejects the packets of a thread that died, starts another and continues', async () => {
    const workers = pool({ workerFile: MORTAL });
    const deadly = workers.openPacket(key.bytes, new Uint8Array(80_000).fill(1), 'a').catch((error: Error) => error.message);
    const waiting = Promise.allSettled(Array.from({ length: 8 }, () => workers.openPacket(key.bytes, new Uint8Array(80_000), 'a')));
    expect(await deadly).toContain('code 3');
    expect((await waiting).filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    expect(await workers.openPacket(key.bytes, new Uint8Array(80_000), 'a')).toBeDefined();
    expect(crashes).toHaveLength(1);
    expect(workers.load).toBe(0);
  });

  it('rejects packets if no thread can be started, and tries again with the next one', async () => {
    const workers = pool({ workerFile: new URL('data:text/javascript,throw new Error("does not start")') });
    for (let round = 0; round < 2; round++) await expect(workers.openPacket(key.bytes, new Uint8Array(80_000), 'a')).rejects.toThrow('does not start');
    expect(workers.load).toBe(0);
    expect(() => createPacketPool({ workerFile: MORTAL, threads: 0 })).toThrow(RangeError);
  });

  it('rejects what is waiting when it is closed', async () => {
    const workers = pool();
    const settled = Promise.allSettled(Array.from({ length: 20 }, () => workers.sealPacket(unsealed(80_000), 'a')));
    await workers[Symbol.asyncDispose]();
    expect((await settled).every((each) => each.status === 'rejected' && each.reason instanceof PacketPoolClosed)).toBe(true);
    await expect(workers.sealPacket(unsealed(80_000), 'a')).rejects.toThrow(PacketPoolClosed);
  });
});

describe('a packet to the client', () => {
  const message = (bodyLength: number): Parameters<typeof packMessage>[1] => ({
    salt: 1n, sessionId: 2n, msgId: 5n, seqNo: 1, bodyLength, body: { writeTo: (target, at) => void target.fill(9, at, at + bodyLength) },
  });

  it('is sealed at once if it is short, and left to another thread if it is long', () => {
    expect(packMessage(key, message(1_000), random)).toBeInstanceOf(Uint8Array);
    const long = packMessage(key, message(LONG_PACKET_BYTES), random);
    expect(long).not.toBeInstanceOf(Uint8Array);
    const { buffer, length } = (long as { padded: Uint8Array }).padded;
    expect(buffer.byteLength).toBe(length);
    const { plaintext } = openMessage(key.bytes, sealHere(long), 'to-client')!;
    expect(plaintext.subarray(32, 32 + LONG_PACKET_BYTES).every((byte) => byte === 9)).toBe(true);
  });
});
