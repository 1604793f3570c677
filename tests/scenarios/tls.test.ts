import { createHash, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startTestServer, type TestServer } from '@aerogram/dev-env';
import { makeOwnCertificate } from '@aerogram/link/testing';
import { formatEndpoint } from '@aerogram/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';

/** The HTTP port with `AEROGRAM_TLS_CERT`. */
let folder: string;
let server: TestServer;
let address: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aerogram-tls-'));
  const { cert, key } = makeOwnCertificate('localhost');
  const env = { AEROGRAM_TLS_CERT: join(folder, 'cert.pem'), AEROGRAM_TLS_KEY: join(folder, 'key.pem'), AEROGRAM_MAX_CONNECTIONS: '2' };
  writeFileSync(env.AEROGRAM_TLS_CERT, cert);
  writeFileSync(env.AEROGRAM_TLS_KEY, key);
  server = await startTestServer({ env });
  address = formatEndpoint(server.info.http);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const READY = '200 {"status":"ready"}';
const page = (path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    get(`https://${address}${path}`, { rejectUnauthorized: false, agent: false }, (response) => void text(response).then((body) => resolve(`${response.statusCode} ${body.trim()}`), reject)).once('error', reject);
  });

test('serves pages by https, says so in server.json, and no page without TLS', async () => {
  expect(await page('/readyz')).toBe(READY);
  expect(server.info.http.tls).toBe(true);
  const plain = connect(server.info.http.port, server.info.http.host);
  plain.on('error', () => undefined);
  plain.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  expect(await text(plain).catch(() => '')).not.toContain('200');
});

test('takes WebSockets, which count as connections', async () => {
  const open = (): WebSocket => new WebSocket(`wss://${address}/apiws`, 'binary', { rejectUnauthorized: false });
  const [first, second] = [open(), open()];
  await Promise.all([once(first, 'open'), once(second, 'open')]);
  expect(first.protocol).toBe('binary');
  await expect(page('/readyz')).rejects.toThrow();
  const ends = [once(first, 'close'), once(second, 'close')];
  first.close();
  second.close();
  await Promise.all(ends);
  await expect.poll(() => page('/readyz').catch(() => '')).toBe(READY);
});

test('counts connections that never begin the handshake', async () => {
  const { host, port } = server.info.http;
  const idle = [connect(port, host), connect(port, host)];
  await Promise.all(idle.map((socket) => once(socket, 'connect')));
  await expect.poll(() => page('/readyz').catch(() => 'refused')).toBe('refused');
  for (const socket of idle) socket.destroy();
  await expect.poll(() => page('/readyz').catch(() => '')).toBe(READY);
});

test('tells apps that join by an address what they check: SafeLink by https, OwpenGram by plain HTTP on the MTProto port', async () => {
  const { mtproto, dc_id, public_keys } = server.info;
  const { pem, fingerprint } = public_keys[0]!;
  const { status, type, body } = await new Promise<{ status: number | undefined; type: string | undefined; body: string }>((resolve, reject) => {
    get(`https://${address}/.well-known/safelink-client.json`, { rejectUnauthorized: false, agent: false }, (response) => void text(response).then((body) => resolve({ status: response.statusCode, type: response.headers['content-type'], body }), reject)).once('error', reject);
  });
  expect([status, type, body.length < 16_384]).toEqual([200, 'application/json', true]);
  const answer = JSON.parse(body) as Record<string, string>;
  const key = createPublicKey(answer['rsa_public_key']!);
  expect(answer).toEqual({
    version: 1,
    server_id: createHash('sha256').update(key.export({ type: 'pkcs1', format: 'der' })).digest('hex'),
    name: 'Aerogram',
    host: mtproto.host,
    port: mtproto.port,
    dc_id,
    rsa_public_key: pem,
    rsa_fingerprint: BigInt.asUintN(64, BigInt(fingerprint)).toString(16).padStart(16, '0'),
  });

  const socket = connect(mtproto.port, mtproto.host);
  socket.write(`GET /owpengram/server-info HTTP/1.1\r\nHost: ${formatEndpoint(mtproto)}\r\nConnection: close\r\n\r\n`);
  const [head = '', json = ''] = (await text(socket)).split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 200 /);
  expect(head.toLowerCase()).toContain(`content-length: ${Buffer.byteLength(json)}`);
  expect(JSON.parse(json)).toEqual({ rsa_public_key_pem: pem, dc_id, name: 'Aerogram', has_icon: expect.any(Boolean) as boolean });
});
