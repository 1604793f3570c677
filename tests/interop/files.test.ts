import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Library } from './driver-client.ts';
import { LIBRARIES, MISSING, useLibraries } from './libraries.ts';
import { enter, type Person } from './people-of-libraries.ts';

const ALL: Library[] = MISSING.tdlib === undefined ? [...LIBRARIES, 'tdlib'] : LIBRARIES;
const libraries = useLibraries({}, ALL);
const MIB = 1_048_576;
/** Size of the large file in megabytes: 2000 is the largest that clients send by default. */
const LARGE_MB = Number(process.env['LARGE_FILE_MB'] ?? 300);
/** Size of the file during whose transfer the server is killed: far more than is on the way before a kill. */
const KILLED_MB = 250;
/** How long the large file may take each way, in milliseconds for each megabyte. */
const LARGE_MS_PER_MB = 1000;

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aerogram-interop-files-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Writes a file with random bytes. */
async function makeFile(name: string, size: number): Promise<{ path: string; bytes: Buffer }> {
  const path = join(directory, name);
  const bytes = randomBytes(size);
  await writeFile(path, bytes);
  return { path, bytes };
}

/** Two people on two libraries who know each other. */
async function pair(acts: Library, other: Library): Promise<[Person, Person]> {
  const alice = await enter(libraries, acts, 'Alice');
  const bob = await enter(libraries, other, 'Bob');
  await alice.client.addContact({ phone: bob.phone, firstName: 'Bob' });
  await bob.client.addContact({ phone: alice.phone, firstName: 'Alice' });
  return [alice, bob];
}

async function close(...people: Person[]): Promise<void> {
  for (const { client } of people) await client.close();
}

describe('files sent with one library are the same in another', () => {
  for (const [at, acts] of ALL.entries()) {
    const other = ALL[(at + 1) % ALL.length]!;
    test.each([1024, 10 * MIB])(`${acts} sends %d bytes, ${other} loads them and sends them on`, async (size) => {
      const [alice, bob] = await pair(acts, other);
      const { path, bytes } = await makeFile(`${acts}-${size}.bin`, size);
      await alice.client.sendFile({ peer: bob.id, path, caption: 'a file' });
      const seen = await bob.client.seesMessage('a file');
      const saved = join(directory, `${other}-got-${size}.bin`);
      await bob.client.saveFile({ peer: alice.id, id: seen.id, path: saved });
      expect(hashOf(await readFile(saved))).toBe(hashOf(bytes));
      const { ids } = await bob.client.forward({ from: alice.id, ids: [seen.id], to: bob.id });
      const own = join(directory, `${other}-own-${size}.bin`);
      await bob.client.saveFile({ peer: bob.id, id: ids[0]!, path: own });
      expect(hashOf(await readFile(own))).toBe(hashOf(bytes));
      await close(alice, bob);
    });
  }
});

test.runIf(MISSING.tdlib === undefined)('TDLib loads parts of a file in any order', async () => {
  const [alice, bob] = await pair(LIBRARIES[0]!, 'tdlib');
  const { path, bytes } = await makeFile('video.bin', 10 * MIB);
  await alice.client.sendFile({ peer: bob.id, path, caption: 'a video' });
  const { id } = await bob.client.seesMessage('a video');
  for (const offset of [8 * MIB, 0, 5 * MIB + 12_345, 3 * MIB, 10 * MIB - 5000]) {
    const count = Math.min(200_000, bytes.length - offset);
    const part = Buffer.from(await bob.client.savePart({ peer: alice.id, id, offset, count }), 'base64');
    expect(hashOf(part)).toBe(hashOf(bytes.subarray(offset, offset + count)));
  }
  expect(await bob.client.complaints()).toEqual([]);
  await close(alice, bob);
});

/** Writes a large file with random bytes. @returns the hash of its content */
async function makeLargeFile(path: string, megabytes: number): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  try {
    for (let n = 0; n < megabytes; n++) {
      const bytes = randomBytes(1_000_000);
      hash.update(bytes);
      await file.writeFile(bytes);
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
  return hash.digest('hex');
}

test.runIf(MISSING.tdlib === undefined)('TDLib sends a large file and loads it again', { timeout: 2 * LARGE_MB * LARGE_MS_PER_MB + 60_000 }, async () => {
  const [alice, bob] = await pair('tdlib', 'tdlib');
  const path = join(directory, 'large.bin');
  const hash = await makeLargeFile(path, LARGE_MB);
  await alice.client.sendFile({ peer: bob.id, path, caption: 'a large file' });
  const { id } = await bob.client.seesMessage('a large file');
  const saved = join(directory, 'large-got.bin');
  await bob.client.saveFile({ peer: alice.id, id, path: saved });
  expect(await hashOfFile(saved)).toBe(hash);
  for (const { client } of [alice, bob]) expect(await client.complaints()).toEqual([]);
  await close(alice, bob);
});

/** Waits until the server has answered a number of calls of a method since it started. */
async function hasAnswered(method: string, count: number): Promise<void> {
  const { host, port } = libraries.server.info.http;
  const answered = async (): Promise<number> => {
    const page = await (await fetch(`http://${host}:${port}/metrics`)).text();
    return Number(new RegExp(`^aerogram_rpc_calls_total\\{method="${method}",outcome="ok"\\} (\\d+)`, 'm').exec(page)?.[1] ?? 0);
  };
  await expect.poll(answered, { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(count);
}

test.runIf(MISSING.tdlib === undefined)('TDLib sends and loads a file although the server is killed in the middle', { timeout: 200_000 }, async () => {
  const [alice, bob] = await pair('tdlib', 'tdlib');
  const path = join(directory, 'interrupted.bin');
  const saved = join(directory, 'interrupted-got.bin');
  const hash = await makeLargeFile(path, KILLED_MB);
  const sending = alice.client.sendFile({ peer: bob.id, path, caption: 'an interrupted file' });
  for (const parts of [40, 60]) {
    await hasAnswered('upload.saveBigFilePart', parts);
    await libraries.server.restart();
  }
  await sending;
  const { id } = await bob.client.seesMessage('an interrupted file');
  const loading = bob.client.saveFile({ peer: alice.id, id, path: saved });
  for (const parts of [40, 60]) {
    await hasAnswered('upload.getFile', parts);
    await libraries.server.restart();
  }
  await loading;
  expect(await hashOfFile(saved)).toBe(hash);
  await close(alice, bob);
});
