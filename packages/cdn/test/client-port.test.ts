import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { silentLogger, systemClock, systemRandom } from '@aerogram/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningCdn, startCdn } from '../src/index.ts';

let dataDir: string;
let running: RunningCdn | undefined;
const FREE = { host: '127.0.0.1', port: 0 };
const start = (): Promise<RunningCdn> => startCdn({ dataDir, client: FREE, push: FREE, memory: 96_000_000, clock: systemClock, random: systemRandom, log: silentLogger });
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'aerogram-cdn-'));
  running = await start();
});
afterAll(async () => {
  await running?.stop();
  await rm(dataDir, { recursive: true });
});

/** Announces a packet over the intermediate transport. @returns whether the node closes the connection */
async function isRefused(packetBytes: number): Promise<boolean> {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0xeeeeeeee, 0);
  head.writeUInt32LE(packetBytes, 4);
  const socket = connect(running!.info.client);
  try {
    const closed = new Promise<boolean>((resolve) => socket.on('error', () => resolve(true)).on('close', () => resolve(true)));
    socket.resume().write(Buffer.concat([head, Buffer.alloc(24)]));
    return await Promise.race([closed, delay(1000, false)]);
  } finally {
    socket.destroy();
  }
}

test('a packet that is longer than requests for parts is refused before it is received', async () => {
  expect(await isRefused(32 * 1024)).toBe(false);
  expect(await isRefused(32 * 1024 + 4)).toBe(true);
  expect(await isRefused(1024 * 1024)).toBe(true);
});

test('a second node in the directory of a running one is refused, and leaves it alone', async () => {
  const written = await readFile(join(dataDir, 'cdn.json'), 'utf8');
  await expect(start()).rejects.toThrow('serves from');
  expect(await readFile(join(dataDir, 'cdn.json'), 'utf8')).toBe(written);
});
