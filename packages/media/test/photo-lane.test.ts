import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { createMetrics, silentLogger, systemClock, workerFile } from '@aerogram/runtime';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { PhotoLane, type PhotoLaneOptions, type PhotoLaneResult, type ShapeLaneResult } from '../src/photo-lane.ts';
import { UNLIMITED_CPU } from '../src/process-lane.ts';
import { BUSY } from '../src/protocol.ts';
import type { ReadRange } from '../src/worker-process.ts';
import { accountsWith } from './cpu-accounts.ts';
import { makeJpeg } from './pictures.ts';

afterEach(() => vi.unstubAllEnvs());

const hostile = fileURLToPath(new URL('hostile-worker.mjs', import.meta.url));
const withoutSharp = fileURLToPath(new URL('worker-without-sharp.mjs', import.meta.url));
const openLane = (options: Partial<PhotoLaneOptions> = {}): PhotoLane => new PhotoLane({ file: hostile, processes: 1, cpu: UNLIMITED_CPU, clock: systemClock, log: silentLogger, metrics: createMetrics(), ...options });
/** A JPEG for the hostile process. */
const bytesOf = (deed: number) => (): Promise<Uint8Array> => Promise.resolve(Uint8Array.of(0xff, 0xd8, 0xff, deed));
const UNREADABLE: PhotoLaneResult = { outcome: 'refused', reason: 'unreadable' };
const MADE = { outcome: 'made' };

test('the built process makes a photo, and the event loop goes on meanwhile', async () => {
  await using lane = openLane({ file: workerFile('photo-worker') });
  const jpeg = await makeJpeg(4000, 3000);
  await lane.make(1n, 'message', () => Promise.resolve(jpeg));
  let turns = 0;
  const turning = setInterval(() => turns++, 5);
  const result = await lane.make(1n, 'message', () => Promise.resolve(jpeg));
  clearInterval(turning);
  expect(result).toMatchObject({ outcome: 'made', photo: { sizes: [{ type: 's' }, { type: 'm' }, { type: 'x' }, { type: 'y' }, { type: 'w', width: 2560 }] } });
  expect(turns).toBeGreaterThan(5);
});

test('the built process looks into patterns and animated stickers; what is none is refused by its first bytes or its length', async () => {
  const metrics = createMetrics();
  await using lane = openLane({ file: workerFile('photo-worker'), metrics });
  const look = (bytes: Uint8Array, shapeOf: 'pattern' | 'animation' = 'pattern'): Promise<ShapeLaneResult> => lane.readShape(1n, { shapeOf, size: bytes.length, read: (from, to) => Promise.resolve(bytes.subarray(from, to)) });
  expect(await look(gzipSync('<svg width="5" height="6"><path d="M1 1"/></svg>'))).toEqual({ outcome: 'allowed', shape: { width: 5, height: 6 } });
  expect(await look(gzipSync('<svg width="5" height="6"><script/></svg>'))).toEqual(UNREADABLE);
  expect(await look(gzipSync('{"tgs":1,"w":5,"h":6}'), 'animation')).toEqual({ outcome: 'allowed', shape: { width: 5, height: 6 } });
  expect(await look(gzipSync('{"tgs":1,"w":5,"h":6}'))).toEqual(UNREADABLE);
  await using missing = openLane({ file: '/does/not/exist', waitingMax: 0 });
  const read = vi.fn<ReadRange>((from, to) => Promise.resolve(Uint8Array.of(0x1f, 0x8b, 0, 0).subarray(from, to)));
  expect(await missing.readShape(1n, { shapeOf: 'pattern', size: 2 * 1024 * 1024, read })).toEqual(UNREADABLE);
  expect(await missing.readShape(1n, { shapeOf: 'animation', size: 64 * 1024 + 1, read })).toEqual(UNREADABLE);
  expect(read).not.toHaveBeenCalled();
  expect(await missing.readShape(1n, { shapeOf: 'pattern', size: 5, read: () => Promise.resolve(Buffer.from('<s')) })).toEqual(UNREADABLE);
  expect((await metrics.render()).split('\n')).toEqual(expect.arrayContaining(['aerogram_photos_total{result="made"} 2', 'aerogram_photos_total{result="unreadable"} 2']));
});

test('a crash while a pattern is looked into counts as a refusal', async () => {
  await using lane = openLane();
  expect(await lane.readShape(1n, { shapeOf: 'pattern', size: 4, read: (from, to) => Promise.resolve(Uint8Array.of(0x1f, 0x8b, 8, 1).subarray(from, to)) })).toEqual(UNREADABLE);
});

test('what is no picture is refused by its first bytes, without a process and a turn', async () => {
  await using lane = openLane({ file: '/does/not/exist', waitingMax: 0 });
  const read = vi.fn<(length?: number) => Promise<Uint8Array>>((length = 10_000_000) => Promise.resolve(new Uint8Array(length)));
  expect(await lane.make(1n, 'message', read)).toEqual({ outcome: 'refused', reason: 'type' });
  expect(read.mock.calls).toEqual([[12]]);
});

describe('a process that fails', () => {
  test('a crash counts as an unreadable picture, and the next photo gets another process', async () => {
    await using lane = openLane();
    const results = await Promise.all([lane.make(1n, 'message', bytesOf(1)), lane.make(1n, 'message', bytesOf(0)), lane.make(2n, 'message', bytesOf(0))]);
    expect(results[0]).toEqual(UNREADABLE);
    expect(results.slice(1)).toMatchObject([MADE, MADE]);
  });

  test('a process that takes too long is stopped, and the picture can be sent again, because the machine may only have been busy', async () => {
    await using lane = openLane({ jobMs: 300 });
    expect(await lane.make(1n, 'message', bytesOf(2))).toEqual(BUSY);
    expect(await lane.make(1n, 'message', bytesOf(0))).toMatchObject(MADE);
  });

  test('a picture that takes too much CPU time is refused', async () => {
    const metrics = createMetrics();
    await using lane = openLane({ cpuMs: 100, metrics });
    expect(await lane.make(1n, 'message', bytesOf(2))).toEqual(UNREADABLE);
    expect(await metrics.render()).toContain('aerogram_photo_process_failures_total 1');
  });

  test('a process cannot take more memory than its limit', async () => {
    await using lane = openLane();
    expect(await lane.make(1n, 'message', bytesOf(3))).toEqual(UNREADABLE);
    expect(await lane.make(1n, 'message', bytesOf(0))).toMatchObject(MADE);
  });

  test('an error of whoever reads the picture is passed on, and the process stays', async () => {
    await using lane = openLane();
    const first = await lane.make(1n, 'message', bytesOf(0));
    const read = (length?: number): Promise<Uint8Array> => (length === undefined ? Promise.reject(new Error('gone')) : bytesOf(0)());
    await expect(lane.make(1n, 'message', read)).rejects.toThrow('gone');
    expect(await lane.make(1n, 'message', bytesOf(0))).toEqual(first);
  });

  test('where sharp cannot be loaded all photos are refused', async () => {
    await using lane = openLane({ file: withoutSharp });
    expect(await Promise.all([lane.make(1n, 'message', bytesOf(0)), lane.make(2n, 'message', bytesOf(0))])).toEqual([{ outcome: 'unavailable' }, { outcome: 'unavailable' }]);
    expect(await lane.make(1n, 'message', bytesOf(0))).toEqual({ outcome: 'unavailable' });
  });
});

test('photos, patterns and stickers are charged to their account, which waits when it has used up its CPU time', async () => {
  const cpu = accountsWith(10);
  await using lane = openLane({ file: workerFile('photo-worker'), cpu });
  const jpeg = await makeJpeg(3000, 2000);
  const make = (account: bigint): Promise<PhotoLaneResult> => lane.make(account, 'message', () => Promise.resolve(jpeg));
  expect(await make(1n)).toMatchObject(MADE);
  expect(cpu.usedMs(1n)).toBeGreaterThan(10);
  expect(await make(1n)).toEqual({ outcome: 'busy', waitS: 42 });
  const sticker = gzipSync('{"tgs":1,"w":5,"h":6}');
  const look = (account: bigint): Promise<ShapeLaneResult> => lane.readShape(account, { shapeOf: 'animation', size: sticker.length, read: (from, to) => Promise.resolve(sticker.subarray(from, to)) });
  expect(await look(1n)).toEqual({ outcome: 'busy', waitS: 42 });
  expect(await look(2n)).toMatchObject({ outcome: 'allowed' });
});

test('a process does not get the settings of the server, such as its master keys', async () => {
  vi.stubEnv('AEROGRAM_MASTER_KEYS', 'secret');
  await using lane = openLane();
  expect(await lane.make(1n, 'message', bytesOf(0))).toMatchObject({ outcome: 'made', settings: [] });
});

test('the queue is bounded, and closing the lane ends what waits', async () => {
  const lane = openLane({ waitingMax: 3 });
  const waiting = [1n, 2n, 3n, 4n].map((account) => lane.make(account, 'message', bytesOf(2)));
  await vi.waitFor(() => expect(lane.waiting).toBe(3));
  expect(await lane.make(5n, 'message', bytesOf(0))).toEqual(BUSY);
  await lane[Symbol.asyncDispose]();
  expect((await Promise.all(waiting)).map(({ outcome }) => outcome).toSorted()).toEqual(['busy', 'busy', 'busy', 'busy']);
});

test('the metrics say what became of photos', async () => {
  const metrics = createMetrics();
  await using lane = openLane({ metrics });
  await Promise.all([lane.make(1n, 'message', bytesOf(0)), lane.make(1n, 'message', bytesOf(1)), lane.make(1n, 'message', bytesOf(0))]);
  const lines = (await metrics.render()).split('\n');
  for (const line of ['aerogram_photos_total{result="made"} 2', 'aerogram_photos_total{result="unreadable"} 1', 'aerogram_photos_waiting 0', 'aerogram_photo_process_failures_total 1', 'aerogram_photo_seconds_count 3']) {
    expect(lines).toContain(line);
  }
});
