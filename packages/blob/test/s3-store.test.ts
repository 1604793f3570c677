import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import S3rver from '@20minutes/s3rver';
import { CreateMultipartUploadCommand, S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BlobStore, BlobStoreUnavailable, S3Store, type S3Settings } from '../src/index.ts';
import { describeStore } from './store-contract.ts';

/**
 * Names a real service instead of the fake one: AEROGRAM_TEST_S3_ENDPOINT=http://127.0.0.1:7480, with AEROGRAM_TEST_S3_KEY,
 * AEROGRAM_TEST_S3_SECRET and an empty bucket AEROGRAM_TEST_S3_BUCKET. tools/radosgw.mjs starts one.
 */
const real = process.env['AEROGRAM_TEST_S3_ENDPOINT'];
const bucket = process.env['AEROGRAM_TEST_S3_BUCKET'] ?? 'aerogram-test';
const credentials = {
  accessKeyId: process.env['AEROGRAM_TEST_S3_KEY'] ?? 'S3RVER',
  secretAccessKey: process.env['AEROGRAM_TEST_S3_SECRET'] ?? 'S3RVER',
};

/** How many bytes a slow service sends, one every 20 ms. */
const PIECES = 60;

let settings: S3Settings;
let directory = '';
let server: S3rver | undefined;
const stores: S3Store[] = [];

async function open(more: Partial<S3Settings> = {}): Promise<BlobStore> {
  const store = await S3Store.open({ ...settings, ...more });
  stores.push(store);
  return store;
}

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'aerogram-s3-'));
  let endpoint = real;
  if (endpoint === undefined) {
    const configureBuckets = [{ name: bucket, configs: [] }];
    // It computes the signatures of listings in another way than the SDK and other services.
    server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, allowMismatchedSignatures: true, directory, configureBuckets });
    const { port } = await server.run();
    endpoint = `http://127.0.0.1:${port}`;
  }
  settings = { endpoint, region: 'us-east-1', bucket, credentials, prefix: 'blobs/' };
});
afterAll(async () => {
  for (const store of stores) store[Symbol.dispose]();
  await server?.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('S3 store', () => {
  describeStore(() => open(), { answersRangesOfNothing: real !== undefined });

  test('a blob of several S3 parts is whole', async () => {
    const store = await open();
    const name = 'ab'.repeat(16);
    const size = 12 * 1024 * 1024 + 1;
    await store.put(name, size, (async function* () {
      for (let at = 0; at < size; at += 1024 * 1024) yield Buffer.alloc(Math.min(1024 * 1024, size - at), at / 1024 / 1024);
    })());
    expect(await store.stat(name)).toEqual({ size });
    expect(Buffer.from(await store.read(name, 5 * 1024 * 1024 - 2, 4))).toEqual(Buffer.from([4, 4, 5, 5]));
    expect(Buffer.from(await store.read(name, size - 1, 4))).toEqual(Buffer.from([12]));
    await store.remove(name);
  });

  // The fake server cannot list uploads.
  test.each(real === undefined ? [] : [real])('an upload that a killed process left behind is removed when it is old: %s', async () => {
    const prefix = 'leftovers/';
    const store = await open({ prefix });
    const client = new S3Client({ endpoint: settings.endpoint, region: settings.region, credentials, forcePathStyle: true });
    const object = { Bucket: bucket, Key: `${prefix}${'ab'.repeat(16)}` };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(object));
    await client.send(new UploadPartCommand({ ...object, UploadId, PartNumber: 1, Body: Buffer.from('half') }));
    expect(await store.list({ limit: 10 })).toEqual([]);
    expect(await store.removeLeftovers(Date.now() - 60_000)).toBe(0);
    expect(await store.removeLeftovers(Date.now() + 60_000)).toBe(1);
    expect(await store.removeLeftovers(Date.now() + 60_000)).toBe(0);
    client.destroy();
  });

  test('objects of others in the bucket are not listed', async () => {
    const [ours, theirs] = [await open({ prefix: 'shared/' }), await open({ prefix: 'shared/zz' })];
    const one = (async function* () {
      yield Buffer.from('x');
    });
    await ours.put('ee'.repeat(8), 1, one());
    await theirs.put('ff'.repeat(8), 1, one());
    expect(await ours.list({ limit: 10 })).toEqual([{ name: 'ee'.repeat(8), size: 1 }]);
    expect(await ours.list({ after: 'ee'.repeat(8), limit: 1 })).toEqual([]);
  });

  test('a service that takes connections and says nothing, or stops in the middle of an answer, is reported after a time', async () => {
    const name = 'ab'.repeat(16);
    const silent = createServer((request, response) => {
      if (request.method === 'GET' && request.url?.includes(name)) response.writeHead(200, { 'Content-Length': 100 }).write('half');
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const away = await open({ endpoint: `http://127.0.0.1:${port}`, silenceMs: 100 });
    for (const call of [() => away.stat(name), () => away.read(name, 0, 100), () => away.remove(name), () => away.put(name, 1, (async function* () {
      yield Buffer.from('x');
    })())]) await expect(call()).rejects.toBeInstanceOf(BlobStoreUnavailable);
    silent.close();
    silent.closeAllConnections();
  });

  test('a long answer that goes on may take longer than that', async () => {
    const name = 'ab'.repeat(16);
    const slow = createServer((_request, response) => {
      response.writeHead(200, { 'Content-Length': PIECES });
      let left = PIECES;
      const timer = setInterval(() => {
        response.write('x');
        if (--left === 0) clearInterval(timer);
      }, 20);
    }).listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const { port } = slow.address() as AddressInfo;
    const store = await open({ endpoint: `http://127.0.0.1:${port}`, silenceMs: 1000 });
    expect(await store.read(name, 0, PIECES)).toHaveLength(PIECES);
    slow.close();
    slow.closeAllConnections();
  });

  test('a service that is away or refuses is reported as such, and never as a missing blob', async () => {
    const name = 'ab'.repeat(16);
    const refusing = createServer((_request, response) => response.writeHead(503).end()).listen(0, '127.0.0.1');
    await once(refusing, 'listening');
    const { port } = refusing.address() as AddressInfo;
    const away = await open({ endpoint: `http://127.0.0.1:${port}` });
    const calls = (): Promise<unknown>[] => [
      away.stat(name),
      away.read(name, 0, 1),
      away.remove(name),
      away.list({ limit: 1 }),
      away.put(name, 1, (async function* () {
        yield Buffer.from('x');
      })()),
    ];
    for (const call of await Promise.allSettled(calls())) expect(call).toMatchObject({ reason: expect.any(BlobStoreUnavailable) as unknown });
    refusing.close();
    refusing.closeAllConnections();
    for (const call of await Promise.allSettled(calls())) expect(call).toMatchObject({ reason: expect.any(BlobStoreUnavailable) as unknown });
  });
});
