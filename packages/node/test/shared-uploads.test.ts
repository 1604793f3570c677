import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cryptBlob, type FinishedUpload, PartBusy, UploadReplaced, Uploads } from '@aerogram/blob';
import { openTestFiles } from '@aerogram/blob/testing';
import { FakeNetwork } from '@aerogram/cluster/testing';
import { createFakeClock, seededRandom } from '@aerogram/runtime';
import { DiskFull } from '@aerogram/storage';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SharedUploads } from '../src/uploads/shared-uploads.ts';
import { readMessage, UPLOAD_CALLS, writeMessage } from '../src/uploads/upload-messages.ts';

const PART = 512 * 1024;
const USER = 7n;

/** Three nodes with one store, and an upload of which the first node is the owner. */
async function openThree() {
  const clock = createFakeClock();
  const random = seededRandom('uploads of three nodes');
  const files = await openTestFiles({ clock, random });
  const root = await mkdtemp(join(tmpdir(), 'aerogram-shared-'));
  const network = new FakeNetwork(clock, random);
  const members = network.nodes();
  const refusals = new Map<string, Error>();
  const owns = await Promise.all(network.names.map((name) =>
    Uploads.open({ root: join(root, name), keys: files.keys, random, clock, maxParts: 100, maxBytesPerUser: 4 * PART, maxUploadsPerUser: 2 })));
  const nodes = members.map((owners, i) => new SharedUploads({ owners, own: owns[i]!, root: join(root, owners.name), store: files.store, clock, refusal: () => refusals.get(owners.name) }));
  return {
    clock, network, members, refusals, files, nodes, owns,
    fileId: BigInt(network.keyOf('a', `upload:${USER}:`)),
    /** How many uploads each node keeps. */
    count: async () => Promise.all(owns.map(async (own) => (await own.count()).uploads)),
    async [Symbol.asyncDispose]() {
      for (const node of nodes) node[Symbol.dispose]();
      for (const own of owns) await own[Symbol.asyncDispose]();
      await files[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

let three: Awaited<ReturnType<typeof openThree>>;
beforeEach(async () => {
  three = await openThree();
});
afterEach(() => three[Symbol.asyncDispose]());

const bytes = Buffer.concat(Array.from({ length: 3 }, (_, part) => Buffer.alloc(part === 2 ? 1000 : PART, part + 1)));
const partOf = (part: number): Uint8Array => bytes.subarray(part * PART, (part + 1) * PART);
const save = (node: number, part: number, body = partOf(part), isStored?: () => Promise<boolean>) =>
  three.nodes[node]!.savePart({ userId: USER, fileId: three.fileId, part, totalParts: 3 }, body, isStored);

async function finishOn(node: number): Promise<FinishedUpload> {
  const result = await three.nodes[node]!.finish(USER, three.fileId, 3);
  if (result.outcome !== 'finished') throw new Error(result.outcome);
  return result.file;
}

test('an upload whose parts come by all nodes is kept by its owner, and each can read and store it', async () => {
  for (const node of [1, 2, 0]) expect(await save(node, node)).toEqual({ outcome: 'saved' });
  expect(await three.count()).toEqual([1, 0, 0]);
  const local = await finishOn(0);
  for (const node of [1, 2]) {
    const uploads = three.nodes[node]!;
    const file = await finishOn(node);
    expect({ ...file, path: '' }).toEqual({ ...local, path: '', blockHashes: Buffer.from(local.blockHashes) });
    expect(await uploads.hashWhole(file, 'sha256')).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(bytes.equals(await uploads.readBytes(file))).toBe(true);
    expect(bytes.subarray(PART - 5, PART + 5).equals(await uploads.readBytes(file, { from: PART - 5, to: PART + 5 }))).toBe(true);
    const steps: Uint8Array[] = [];
    for await (const step of uploads.read(file)) steps.push(step);
    expect(bytes.equals(Buffer.concat(steps))).toBe(true);
  }
  const file = await finishOn(2);
  await three.nodes[2]!.putInto(three.files.store, file);
  const stored = cryptBlob(await three.files.keys.unwrap(file.wrappedKey), 0, await three.files.store.read(file.name, 0, file.size));
  expect(bytes.equals(stored)).toBe(true);
  await three.nodes[1]!.discard(USER, three.fileId);
  expect(await three.count()).toEqual([0, 0, 0]);
  expect(await three.nodes[1]!.finish(USER, three.fileId, 3)).toEqual({ outcome: 'absent' });
});

test('a late part is asked for only if there is no upload, and begins none if it is stored', async () => {
  const asked: number[] = [];
  const isStored = (answer: boolean) => () => Promise.resolve((asked.push(1), answer));
  expect(await save(1, 0, partOf(0), isStored(true))).toEqual({ outcome: 'saved' });
  expect([asked.length, ...(await three.count())]).toEqual([1, 0, 0, 0]);
  expect(await save(1, 0, partOf(0), isStored(false))).toEqual({ outcome: 'saved' });
  expect([asked.length, ...(await three.count())]).toEqual([2, 1, 0, 0]);
  expect(await save(2, 1, partOf(1), isStored(false))).toEqual({ outcome: 'saved' });
  expect(asked).toHaveLength(2);
});

test('the size is admitted by the node that finishes, which is told of missing and refused parts', async () => {
  const uploads = three.nodes[1]!;
  await save(1, 0);
  expect(await uploads.finish(USER, three.fileId, 3)).toEqual({ outcome: 'missing', part: 1 });
  expect(await save(2, 3)).toEqual({ outcome: 'refused', reason: 'part-invalid' });
  for (const part of [1, 2]) await save(2, part);
  const sizes: number[] = [];
  const admit = (refuses: boolean) => (size: number) => (sizes.push(size), refuses ? Promise.reject(new Error('too many files')) : Promise.resolve());
  await expect(uploads.finish(USER, three.fileId, 3, admit(true))).rejects.toThrow('too many files');
  expect(await uploads.finish(USER, three.fileId, 3, admit(false))).toMatchObject({ outcome: 'finished' });
  expect(sizes).toEqual([bytes.length, bytes.length]);
});

test('only one node at a time finishes an upload, and one that falls silent is not waited for', async () => {
  await save(0, 0);
  const order: string[] = [];
  let end!: () => void;
  const first = three.nodes[1]!.whileAlone(USER, three.fileId, () => {
    order.push('first');
    return new Promise<void>((resolve) => (end = resolve));
  });
  await expect.poll(() => order).toEqual(['first']);
  const second = three.nodes[2]!.whileAlone(USER, three.fileId, () => Promise.resolve(order.push('second')));
  // With beats it stays the turn of the first.
  await three.clock.advance(20_000);
  expect(order).toEqual(['first']);
  end();
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
  await three.members[1]!.ask('a', { kind: UPLOAD_CALLS.hold, body: writeMessage({ userId: String(USER), fileId: String(three.fileId) }) }, { timeoutMs: 1000 });
  const third = three.nodes[2]!.whileAlone(USER, three.fileId, () => Promise.resolve(order.push('third')));
  await three.clock.advance(20_000);
  await third;
  expect(order).toEqual(['first', 'second', 'third']);
});

test('an upload that is begun anew while another node finishes it is noticed there', async () => {
  for (const part of [0, 1, 2]) await save(1, part);
  const file = await finishOn(1);
  expect(await save(2, 0, Buffer.alloc(PART, 9))).toEqual({ outcome: 'saved' });
  await expect(three.nodes[1]!.readBytes(file)).rejects.toThrow(UploadReplaced);
  await expect(three.nodes[1]!.putInto(three.files.store, file)).rejects.toThrow(UploadReplaced);
});

test('when another node becomes the owner the upload is absent, and a file that was being read is gone', async () => {
  for (const part of [0, 1, 2]) await save(1, part);
  const file = await finishOn(1);
  three.network.names = ['b', 'c'];
  expect(await three.nodes[1]!.finish(USER, three.fileId, 3)).toEqual({ outcome: 'absent' });
  expect(await three.nodes[2]!.finish(USER, three.fileId, 3)).toEqual({ outcome: 'absent' });
  await expect(three.nodes[1]!.readBytes(file)).rejects.toThrow(UploadReplaced);
});

test('the owner refuses parts beyond what a user may have, and when its disk is nearly full', async () => {
  const full = { userId: USER, part: 0, totalParts: undefined };
  three.refusals.set('a', new DiskFull('no room'));
  await expect(save(1, 0)).rejects.toThrow(DiskFull);
  three.refusals.clear();
  const ids: bigint[] = [];
  for (let fileId = 1n; ids.length < 3; fileId++) if (three.members[1]!.find(`upload:${USER}:${fileId}`) === 'a') ids.push(fileId);
  const outcomes = [];
  for (const fileId of ids) outcomes.push(await three.nodes[1]!.savePart({ ...full, fileId }, Buffer.alloc(1024)));
  expect(outcomes).toEqual([{ outcome: 'saved' }, { outcome: 'saved' }, { outcome: 'refused', reason: 'too-many' }]);
});

test('while the owner cannot be asked, clients are to try again later', async () => {
  three.network.silent.add('a');
  const saving = save(1, 0).catch((error: unknown) => error);
  await three.clock.advance(30_000);
  expect(await saving).toBeInstanceOf(PartBusy);
});

test('no other file than that of an upload is read for another node', async () => {
  for (const part of [0, 1, 2]) await save(1, part);
  const { path, name, wrappedKey } = await finishOn(1);
  const read = async (place: string): Promise<number | undefined> => {
    const question = { place, name, size: 100, wrappedKey: Buffer.from(wrappedKey).toString('hex'), from: 0, to: 100 };
    const answer = await three.members[1]!.ask('a', { kind: UPLOAD_CALLS.read, body: writeMessage(question) }, { timeoutMs: 1000 });
    return answer && readMessage(answer).bytes.length;
  };
  expect(await read(path)).toBe(100);
  expect(await read(path.replace(name, 'map'))).toBeUndefined();
  expect(await read(`${path}/../map`)).toBeUndefined();
});
