import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createMetrics, silentLogger, systemClock, workerFile } from '@aerogram/runtime';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { AVATAR_BYTES_MAX } from '../src/make-avatar.ts';
import type { MediaWants } from '../src/media-result.ts';
import { MEDIA_TYPE_BYTES } from '../src/media-type.ts';
import { MediaLane, type MediaLaneOptions } from '../src/media-lane.ts';
import { UNLIMITED_CPU } from '../src/process-lane.ts';
import { BUSY } from '../src/protocol.ts';
import { WorkerProcess } from '../src/worker-process.ts';
import { accountsWith } from './cpu-accounts.ts';
import { findBehind, readSample } from './samples.ts';

afterEach(() => vi.unstubAllEnvs());

const hostile = fileURLToPath(new URL('hostile-reader.mjs', import.meta.url));
const unavailable = fileURLToPath(new URL('worker-without-sharp.mjs', import.meta.url));
const openLane = (options: Partial<MediaLaneOptions> = {}): MediaLane =>
  new MediaLane({ file: workerFile('media-worker'), processes: 1, cpu: UNLIMITED_CPU, clock: systemClock, log: silentLogger, metrics: createMetrics(), ...options });

const NOTHING_MORE = { picture: false, waveform: false, animation: false };
const ALL = { picture: true, waveform: true, animation: true };
/** A file for a lane. */
const fileOf = (bytes: Uint8Array, size = bytes.length, wants: MediaWants = NOTHING_MORE) => ({ size, wants, read: (from: number, to: number): Promise<Uint8Array> => Promise.resolve(bytes.subarray(from, to)) });
/** A file that tells the hostile process what to do. */
const deed = (what: string) => fileOf(Buffer.from(`OggS....${what}`));

test('the built process reads videos and sounds', async () => {
  await using lane = openLane();
  expect(await lane.describe(1n, fileOf(readSample('film.mp4')))).toMatchObject({ outcome: 'read', facts: { video: { width: 96, height: 64 }, hasSound: true, durationS: 2 } });
  expect(await lane.describe(1n, fileOf(readSample('voice.ogg')))).toMatchObject({ outcome: 'read', facts: { hasSound: true, durationS: 3 } });
});

test('without ffmpeg there is no frame and no waveform, and everything else is known', async () => {
  vi.stubEnv('PATH', '/does/not/exist');
  await using lane = openLane();
  expect(await lane.describe(1n, fileOf(readSample('film.mp4'), undefined, ALL))).toMatchObject({ outcome: 'read', facts: { durationS: 2 }, picture: undefined });
  expect(await lane.describe(1n, fileOf(readSample('voice.ogg'), undefined, ALL))).toMatchObject({ outcome: 'read', facts: { durationS: 3 }, waveform: undefined });
  expect(await lane.describe(1n, fileOf(readSample('dance.gif'), undefined, ALL))).toEqual({ outcome: 'picture', picture: undefined, source: { width: 49, height: 33 } });
  // The cover is a picture in the file.
  expect(await lane.describe(1n, fileOf(readSample('covered.mp3'), undefined, ALL))).toMatchObject({ outcome: 'read', picture: { sizes: [{ type: 's' }] } });
});

test('a file without audio and video needs no process and no turn', async () => {
  await using lane = openLane({ file: '/does/not/exist', waitingMax: 0 });
  const read = vi.fn<(from: number, to: number) => Promise<Uint8Array>>(() => Promise.resolve(Buffer.from('%PDF-1.7....')));
  expect(await lane.describe(1n, { size: 1_000_000, wants: NOTHING_MORE, read })).toEqual({ outcome: 'other' });
  expect(read.mock.calls).toEqual([[0, MEDIA_TYPE_BYTES]]);
});

test('a file that crashes the process is unreadable, and the next one gets another process', async () => {
  const metrics = createMetrics();
  await using lane = openLane({ file: hostile, metrics });
  expect(await lane.describe(1n, deed('crash'))).toEqual({ outcome: 'unreadable' });
  expect(await lane.describe(1n, deed('fill'))).toEqual({ outcome: 'unreadable' });
  expect(await lane.describe(1n, deed('nothing'))).toMatchObject({ outcome: 'read' });
  const lines = await metrics.render();
  for (const line of ['aerogram_media_files_total{result="unreadable"} 2', 'aerogram_media_files_total{result="read"} 1', 'aerogram_media_process_failures_total 2']) expect(lines).toContain(line);
});

test('a process that gives a longer title than it may is not believed', async () => {
  await using lane = openLane({ file: hostile });
  expect(await lane.describe(1n, deed('title'))).toEqual({ outcome: 'unreadable' });
});

test('a process that takes too long is stopped, and nothing is known about the file', async () => {
  await using lane = openLane({ file: hostile, jobMs: 300 });
  expect(await lane.describe(1n, deed('hang'))).toEqual(BUSY);
});

test('a small file that keeps the built process in one loop ends with the CPU time, is unreadable, and another account is served', async () => {
  const [metrics, cpu] = [createMetrics(), accountsWith(Infinity)];
  await using lane = openLane({ cpuMs: 1000, cpu, metrics });
  const film = readSample('film.mp4');
  // The table `ctts` says that each of its entries stands for 4,294,967,295 pictures.
  const table = findBehind(film, 'ctts') + 4;
  for (let entry = 0; entry < film.readUInt32BE(table); entry++) film.writeUInt32BE(0xffffffff, table + 4 + 8 * entry);
  const [hostileFilm, good] = await Promise.all([lane.describe(1n, fileOf(film)), lane.describe(2n, fileOf(readSample('film.mp4')))]);
  expect(hostileFilm).toEqual({ outcome: 'unreadable' });
  expect(good).toMatchObject({ outcome: 'read' });
  expect(await metrics.render()).toContain('aerogram_media_process_failures_total 1');
  expect(cpu.usedMs(1n)).toBeGreaterThan(1000);
  expect(cpu.usedMs(2n)).toBeLessThan(1000);
});

/** Whether a process runs. One that has ended may be there until its parent waits for it. */
function isRunning(pid: string): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !readFileSync(stat, 'latin1').includes(') Z ');
}

describe('CPU time', () => {
  test('of a process and of what it starts is charged to the account of the file', async () => {
    const [cpu, metrics] = [accountsWith(Infinity), createMetrics()];
    await using lane = openLane({ file: hostile, cpu, metrics });
    await lane.describe(1n, deed('burn'));
    await lane.describe(2n, deed('child burns'));
    for (const account of [1n, 2n]) expect(cpu.usedMs(account)).toBeGreaterThanOrEqual(90);
    expect(await metrics.render()).toMatch(/aerogram_media_cpu_seconds_total 0?[.1-9]/);
  });

  test('counts while the process and its child are working: both end when it is used up, and the account pays for the next process, too', async () => {
    const cpu = accountsWith(Infinity);
    await using lane = openLane({ file: hostile, cpu, cpuMs: 500 });
    expect(await lane.describe(1n, deed('child hangs'))).toEqual({ outcome: 'unreadable' });
    expect(cpu.usedMs(1n)).toBeGreaterThanOrEqual(750);
    expect(await lane.describe(1n, deed('nothing'))).toMatchObject({ outcome: 'read' });
  });

  test('what a process has started ends with it', async () => {
    const { size, read } = deed('child hangs');
    await using worker = new WorkerProcess<{ size: number }, never>(hostile, systemClock);
    await worker.started;
    const result = worker.run({ size }, { timeoutMs: 60_000, cpu: { mostMs: 300, onUsed() {} }, read });
    const child = await vi.waitFor(() => {
      const children = readFileSync(`/proc/${worker.pid}/task/${worker.pid}/children`, 'latin1').trim();
      expect(children).not.toBe('');
      return children;
    });
    expect(await result).toEqual({ outcome: 'crashed' });
    await vi.waitFor(() => expect(isRunning(child)).toBe(false));
  });

  test('an account that has used more waits for those that have used less, however many files they have', async () => {
    const cpu = accountsWith(Infinity);
    await using lane = openLane({ file: hostile, cpu });
    const attackers = [1n, 2n, 3n, 4n];
    for (const account of attackers) await lane.describe(account, deed('burn'));
    const order: bigint[] = [];
    const describeAs = (account: bigint, what: string): Promise<void> => lane.describe(account, deed(what)).then(() => void order.push(account));
    const theirs = attackers.flatMap((account) => [describeAs(account, 'burn'), describeAs(account, 'burn')]);
    // A voice message that comes last has to wait for the one file that is being read.
    await Promise.all([...theirs, describeAs(9n, 'nothing')]);
    expect(order).toHaveLength(9);
    expect(order.indexOf(9n)).toBe(1);
  });

  test('a voice message waits for the one file that is being read only, however many new accounts convert GIF files or send videos', async () => {
    await using lane = openLane({ file: hostile });
    const order: string[] = [];
    const describeAs = (account: bigint, bytes: string, wants: Partial<MediaWants> = {}): Promise<void> =>
      lane.describe(account, fileOf(Buffer.from(bytes), undefined, { ...NOTHING_MORE, ...wants })).then(() => void order.push(bytes.slice(0, 4)));
    const theirs = [1n, 2n, 3n].flatMap((account) => [describeAs(account, 'GIF89a..burn', { animation: true, waveform: true }), describeAs(account, '....ftypburn')]);
    await Promise.all([...theirs, describeAs(9n, 'OggS....nothing', { waveform: true })]);
    expect(order).toEqual(['GIF8', 'OggS', '....', '....', '....', 'GIF8', 'GIF8']);
  });

  test('an account that has used up its own is told how long to wait, also for files that wait already', async () => {
    const cpu = accountsWith(80);
    await using lane = openLane({ file: hostile, cpu });
    const first = [lane.describe(1n, deed('burn')), lane.describe(1n, deed('burn')), lane.describe(2n, deed('nothing'))];
    expect(await Promise.all(first)).toMatchObject([{ outcome: 'read' }, { outcome: 'busy', waitS: 42 }, { outcome: 'read' }]);
    expect(await lane.describe(1n, deed('nothing'))).toEqual({ outcome: 'busy', waitS: 42 });
  });

  test('accounts with many waiting files leave room for others', async () => {
    await using lane = openLane({ file: hostile, waitingMax: 4 });
    const theirs = [1n, 1n, 1n, 2n, 2n].map((account) => lane.describe(account, deed('burn')));
    expect(await lane.describe(9n, deed('nothing'))).toMatchObject({ outcome: 'read' });
    expect((await Promise.all(theirs)).filter(({ outcome }) => outcome === 'busy')).toHaveLength(1);
  });
});

test('a process gets only so much of a file, and never what is not in it', async () => {
  await using lane = openLane({ file: hostile });
  const read = vi.fn<(from: number, to: number) => Promise<Uint8Array>>((from, to) => {
    const bytes = Buffer.alloc(to - from);
    Buffer.from('OggS....read all....').subarray(from, to).copy(bytes);
    return Promise.resolve(bytes);
  });
  expect(await lane.describe(1n, { size: 1_000_000_000, wants: NOTHING_MORE, read })).toMatchObject({ outcome: 'read' });
  const bytes = read.mock.calls.reduce((sum, [from, to]) => sum + to - from, 0);
  expect(bytes).toBeGreaterThan(32 * 1024 * 1024);
  expect(bytes).toBeLessThanOrEqual(64 * 1024 * 1024 + MEDIA_TYPE_BYTES + 20);
  expect(Math.max(...read.mock.calls.map(([from, to]) => to - from))).toBeLessThanOrEqual(8 * 1024 * 1024);
});

test('an error of whoever reads the file is passed on, and the process goes on', async () => {
  const metrics = createMetrics();
  await using lane = openLane({ metrics });
  const film = readSample('film.mp4');
  const read = (from: number, to: number): Promise<Uint8Array> => (to > 12 ? Promise.reject(new Error('gone')) : Promise.resolve(film.subarray(from, to)));
  await expect(lane.describe(1n, { size: film.length, wants: NOTHING_MORE, read })).rejects.toThrow('gone');
  expect(await lane.describe(1n, fileOf(film))).toMatchObject({ outcome: 'read' });
  expect(await metrics.render()).toContain('aerogram_media_process_failures_total 0');
});

test('without mediabunny nothing is known about files', async () => {
  await using lane = openLane({ file: unavailable });
  expect(await lane.describe(1n, fileOf(readSample('film.mp4')))).toEqual({ outcome: 'unavailable' });
});

describe('videos for profiles', () => {
  const ofProfile = (bytes: Uint8Array, frame = false, size = bytes.length) => ({ size, avatar: { startS: 1, frame }, read: (from: number, to: number): Promise<Uint8Array> => Promise.resolve(bytes.subarray(from, to)) });
  /** A video that tells the hostile process what to do. */
  const filmThat = (what: string) => ofProfile(Buffer.from(`....ftyp${what}`));

  test('are made in the built process, and nothing else is read there that cannot be one', async () => {
    const metrics = createMetrics();
    await using lane = openLane({ metrics });
    expect(await lane.makeAvatar(1n, ofProfile(readSample('avatar.mp4')))).toMatchObject({ outcome: 'made', avatar: { width: 240, height: 240, startS: 1, frame: undefined } });
    expect(await lane.makeAvatar(1n, ofProfile(readSample('film.mp4')))).toEqual({ outcome: 'unreadable' });
    for (const line of ['aerogram_media_files_total{result="read"} 1', 'aerogram_media_files_total{result="unreadable"} 1']) expect(await metrics.render()).toContain(line);
    await using idle = openLane({ file: '/does/not/exist', waitingMax: 0 });
    for (const file of [ofProfile(readSample('film.webm')), ofProfile(readSample('avatar.mp4'), false, AVATAR_BYTES_MAX + 1)]) expect(await idle.makeAvatar(1n, file)).toEqual({ outcome: 'unreadable' });
  });

  test('need ffmpeg only for a picture of them', async () => {
    vi.stubEnv('PATH', '/does/not/exist');
    await using lane = openLane();
    expect(await lane.makeAvatar(1n, ofProfile(readSample('avatar.mp4'), true))).toEqual({ outcome: 'frameless' });
    expect(await lane.makeAvatar(1n, ofProfile(readSample('avatar.mp4')))).toMatchObject({ outcome: 'made' });
  });

  test('that crash the process are unreadable, those that stop it may be sent again, and without mediabunny nothing is known', async () => {
    await using lane = openLane({ file: hostile, jobMs: 2000 });
    expect(await lane.makeAvatar(1n, filmThat('crash'))).toEqual({ outcome: 'unreadable' });
    expect(await lane.makeAvatar(1n, filmThat('hang'))).toEqual(BUSY);
    // The answer to another question is no video.
    expect(await lane.makeAvatar(1n, filmThat('nothing'))).toEqual({ outcome: 'unreadable' });
    await using without = openLane({ file: unavailable });
    expect(await without.makeAvatar(1n, ofProfile(readSample('avatar.mp4')))).toEqual({ outcome: 'unavailable' });
  });
});
