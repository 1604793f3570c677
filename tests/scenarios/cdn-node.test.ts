import { createHash, randomBytes } from 'node:crypto';
import { MAX_TOKEN_S, WINDOW_BYTES } from '@aerogram/cdn-protocol';
import { CdnNode, CdnReader, PlayedCdnFile } from '@aerogram/dev-env/load';
import type { RawClient } from '@aerogram/mtproto/client';
import { decode, encode, LAYER, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, expect, test } from 'vitest';

let node: CdnNode;
beforeAll(async () => {
  node = await CdnNode.start('--memory', '128MB');
});
afterAll(() => node?.[Symbol.asyncDispose]());

const getPart = (file_token: Uint8Array, offset: number, limit: number): tl.upload.getCdnFile => ({ _: 'upload.getCdnFile', file_token, offset: BigInt(offset), limit });

async function call(client: RawClient, query: tl.AnyMethod): Promise<tl.upload.CdnFile> {
  return decode(await client.call(encode(query))) as tl.upload.CdnFile;
}

/** The first call of a connection, as clients wrap it. */
function wrapped(query: tl.AnyMethod): tl.AnyMethod {
  const texts = { device_model: 'test', system_version: '1', app_version: '1', system_lang_code: 'en', lang_pack: '', lang_code: 'en' };
  return { _: 'invokeWithLayer', layer: LAYER, query: { _: 'initConnection', api_id: 1, ...texts, query } };
}

test('a client loads a pushed file by the public key of the node, part by part, and decrypts it', async () => {
  const file = new PlayedCdnFile(node, 2 * WINDOW_BYTES + 77_777);
  await node.tellAlive();
  await using client = await node.connect();
  const first = await call(client, wrapped(getPart(file.token(), 0, 4096)));
  expect(first._).toBe('upload.cdnFileReuploadNeeded');
  await using links = node.links();
  const reader = new CdnReader(file, links);
  for (const limit of [131_072, WINDOW_BYTES]) expect(Buffer.compare(await reader.readAll(file.plain.length, limit), file.plain)).toBe(0);
  expect(reader.counts).toMatchObject({ fromNode: 17 + 3, fromOrigin: 0, redirects: 1, reuploads: 3, wrongHash: 0 });
  expect(await node.get('/metrics')).toMatch(/aerogram_cdn_parts_total\{outcome="miss"\} [1-9]/);
  expect(await node.get('/metrics')).toMatch(/aerogram_cdn_parts_total\{outcome="hit"\} [1-9]/);
});

test('a node answers one method, and refuses every other one with CDN_METHOD_INVALID', async () => {
  await using client = await node.connect();
  const others: tl.AnyMethod[] = [
    { _: 'help.getConfig' },
    { _: 'upload.getCdnFileHashes', file_token: new Uint8Array(8), offset: 0n },
    { _: 'upload.getFile', location: { _: 'inputTakeoutFileLocation' }, offset: 0n, limit: 4096 },
    { _: 'auth.bindTempAuthKey', perm_auth_key_id: 1n, nonce: 1n, expires_at: 1, encrypted_message: new Uint8Array(40) },
    { _: 'invokeAfterMsg', msg_id: 4n, query: { _: 'help.getNearestDc' } },
  ];
  for (const query of others) {
    await expect(client.call(encode(query))).rejects.toMatchObject({ code: 400, message: 'CDN_METHOD_INVALID' });
    await expect(client.call(encode(wrapped(query)))).rejects.toMatchObject({ code: 400, message: 'CDN_METHOD_INVALID' });
  }
  await expect(client.call(randomBytes(400))).rejects.toMatchObject({ code: 400, message: 'CDN_METHOD_INVALID' });
  const pong = new Promise((resolve) => {
    client.onService = (message) => message._ === 'pong' && resolve(message.ping_id);
  });
  client.ping(77n);
  expect(await pong).toBe(77n);
});

test('a token that the server did not make, that has ended, is valid for longer than an hour, or is for a forgotten file is refused', async () => {
  const file = new PlayedCdnFile(node, 5000);
  await node.tellAlive();
  expect(await file.push(0)).toBe(200);
  await using client = await node.connect();
  const token = file.token();
  const changed = Uint8Array.from(token);
  changed[20]! ^= 1;
  for (const bad of [changed, randomBytes(100), new Uint8Array(0), file.token(0), file.token(MAX_TOKEN_S + 60)]) {
    await expect(call(client, getPart(bad, 0, 8192))).rejects.toMatchObject({ code: 400, message: 'FILE_TOKEN_INVALID' });
  }
  await expect(call(client, getPart(token, 5, 8192))).rejects.toMatchObject({ message: 'OFFSET_INVALID' });
  await expect(call(client, getPart(token, 0, 5))).rejects.toMatchObject({ message: 'LIMIT_INVALID' });
  expect(await call(client, getPart(token, 0, 8192))).toMatchObject({ _: 'upload.cdnFile' });
  expect(await node.tell({ kind: 'forget', files: [Buffer.from(file.id).toString('hex')] })).toEqual({ status: 200, isSigned: true });
  await expect(call(client, getPart(token, 0, 8192))).rejects.toMatchObject({ message: 'FILE_TOKEN_INVALID' });
  expect(await file.push(0)).toBe(410);
});

test('the private port refuses wrong credentials, replays, other bytes and other lengths', async () => {
  const file = new PlayedCdnFile(node, 300_000);
  const bytes = file.window(0);
  const content = { kind: 'window' as const, file: Buffer.from(file.id).toString('hex'), window: 0, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  expect((await node.post({}, bytes)).status).toBe(401);
  const { headers } = node.sign(content);
  expect((await node.post({ ...headers, 'aerogram-cdn-mac': '0'.repeat(64) }, bytes)).status).toBe(401);
  const other = Uint8Array.from(bytes);
  other[5]! ^= 1;
  expect((await node.tell(content, other)).status).toBe(400);
  expect((await node.tell(content, bytes.subarray(1))).status).toBe(400);
  expect((await node.tell(content, Buffer.concat([bytes, bytes]))).status).toBe(413);
  expect((await node.tell({ kind: 'alive', ticket: await node.takeTicket() }, bytes)).status).toBe(413);
  await node.tellAlive();
  await using client = await node.connect();
  expect(await call(client, getPart(file.token(), 0, 4096))).toMatchObject({ _: 'upload.cdnFileReuploadNeeded' });
  expect((await node.post({ ...headers }, bytes)).status).toBe(200);
  expect((await node.post({ ...headers }, bytes)).status).toBe(409);
  expect((await node.post({ ...node.sign(content, { boot: 'before' }).headers }, bytes)).status).toBe(409);
  expect((await node.post({ ...node.sign(content, { timeMs: Date.now() - 120_000 }).headers }, bytes)).status).toBe(401);
  expect(await call(client, getPart(file.token(), 0, 4096))).toMatchObject({ _: 'upload.cdnFile' });
});

test('a restarted node keeps its RSA key, but knows no key of a client, no content, and no message of before', async () => {
  const file = new PlayedCdnFile(node, 5000);
  await node.tellAlive();
  await file.push(0);
  await using client = await node.connect();
  expect(await call(client, getPart(file.token(), 0, 8192))).toMatchObject({ _: 'upload.cdnFile' });
  const recorded = node.sign({ kind: 'alive', ticket: await node.takeTicket() }).headers;
  const { id, public_key } = node.info;
  await node.restart('SIGKILL');
  expect(node.info).toMatchObject({ id, public_key });
  await client.reconnect();
  await expect(call(client, getPart(file.token(), 0, 8192))).rejects.toMatchObject({ code: -404 });
  expect((await node.post({ ...recorded }, new Uint8Array(0))).status).toBe(409);
  await using again = await node.connect();
  await expect(call(again, getPart(file.token(), 0, 8192))).rejects.toMatchObject({ message: 'FILE_TOKEN_INVALID' });
  await node.tellAlive();
  expect(await call(again, getPart(file.token(), 0, 8192))).toMatchObject({ _: 'upload.cdnFileReuploadNeeded' });
});

test('SIGTERM ends a node with exit code 0', async () => {
  await using other = await CdnNode.start('--memory', '64MB');
  expect(await other.stop('SIGTERM')).toBe(0);
});
