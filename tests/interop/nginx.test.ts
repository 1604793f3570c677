import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createMtcuteClient, startTestServer, type TestServer } from '@aerogram/dev-env';
import { findFreePort, NGINX, NginxProcess, writeNginxConfiguration } from '@aerogram/dev-env/load';
import type { Endpoint } from '@aerogram/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { proxyHeaderV1 } from '../../packages/gateway/test/proxy-headers.ts';
import { startTcpProxy } from '../../packages/gateway/test/tcp-proxy.ts';

const TOKEN = 'metrics-token';
const APP = { apiId: 1, apiHash: 'a'.repeat(32) };
/** Numbers that one device, and one address, may ask codes for. */
const [PER_DEVICE, PER_ADDRESS] = [20, 100];

const run = promisify(execFile);
let folder: string;
let server: TestServer;
let nginx: NginxProcess;
/** Where nginx listens. */
let ports: { mtproto: number; plain: number; web: number };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aerogram-nginx-'));
  const codeDelivery = { ways: ['sms' as const], deliver: () => Promise.resolve(), deliverEmail: () => Promise.resolve() };
  server = await startTestServer({ codeDelivery, env: { AEROGRAM_TRUSTED_PROXIES: '127.0.0.2', AEROGRAM_TEST_MODE: 'force', AEROGRAM_METRICS_TOKEN: TOKEN } });
  ports = { mtproto: await findFreePort(), plain: await findFreePort(), web: await findFreePort() };
  const { mtproto, http } = server.info;
  // A balancer in front names the clients, as if they came from other machines; nginx believes it, and hands on what it believes.
  const named = 'set_real_ip_from 127.0.0.1;';
  const file = writeNginxConfiguration(folder, 'nginx.conf', {
    '127.0.0.1:4430': `127.0.0.1:${mtproto.port}`,
    '127.0.0.1:8080': `127.0.0.1:${http.port}`,
    'listen 4431;': `listen 127.0.0.1:${ports.mtproto} proxy_protocol; ${named}`,
    'listen 80;': `listen 127.0.0.1:${ports.plain};`,
    'listen 443 ssl;': `listen 127.0.0.1:${ports.web} proxy_protocol; ${named} real_ip_header proxy_protocol;`,
    'ssl_certificate /etc/nginx/tls/fullchain.pem;': '',
    'ssl_certificate_key /etc/nginx/tls/privkey.pem;': '',
  });
  nginx = await NginxProcess.start(file, ports.plain);
});
afterAll(async () => {
  await nginx?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** The server as a client at an address reaches it through nginx. */
async function from(address: string, port: number): Promise<TestServer['info'] & AsyncDisposable> {
  const greet = (): Uint8Array[] => [proxyHeaderV1({ address, port: 50_000 }, { address: '127.0.0.1', port })];
  const way = await startTcpProxy({ findTarget: () => ({ host: '127.0.0.1', port }), greet });
  const end: Endpoint = { host: way.host, port: way.port };
  return { ...server.info, mtproto: end, http: end, [Symbol.asyncDispose]: () => way[Symbol.asyncDispose]() };
}

let asked = 0;

/** A new device asks for codes for new numbers. @returns the refusal of each, or an empty text */
async function askCodes(info: TestServer['info'], count: number, transport: 'obfuscated' | 'websocket' = 'obfuscated'): Promise<string[]> {
  const client = await createMtcuteClient(info, { transport });
  try {
    await client.connect();
    const answers: string[] = [];
    for (let n = 0; n < count; n++) {
      const phoneNumber = `+1555${String(1_000_000 + asked++)}`;
      const answer = client.call({ _: 'auth.sendCode', phoneNumber, ...APP, settings: { _: 'codeSettings' } }, { floodSleepThreshold: 0 });
      answers.push(await answer.then(() => '', (error: unknown) => (error as { text: string }).text));
    }
    return answers;
  } finally {
    await client.destroy();
  }
}

test('nginx finds nothing wrong with deploy/nginx.conf', async () => {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=chat.example.org', '-days', '1', '-keyout', key, '-out', certificate]);
  const free = [await findFreePort(), await findFreePort(), await findFreePort()];
  const listens = Object.fromEntries(['listen 4431', 'listen 80', 'listen 443'].map((written, at) => [written, `listen 127.0.0.1:${free[at]}`]));
  const file = writeNginxConfiguration(folder, 'checked.conf', { ...listens, '/etc/nginx/tls/fullchain.pem': certificate, '/etc/nginx/tls/privkey.pem': key });
  const { stderr } = await run(NGINX, ['-t', '-e', 'stderr', '-c', file]);
  expect(stderr).toContain('test is successful');
  expect(stderr).not.toMatch(/\[(emerg|alert|crit|error)\]/);
});

test('the 101st number of a client is refused, over TCP and WebSocket, though all clients come from the address of nginx', async () => {
  await using tcp = await from('198.51.100.40', ports.mtproto);
  await using web = await from('198.51.100.40', ports.web);
  await using other = await from('198.51.100.41', ports.mtproto);
  for (let n = 0; n < PER_ADDRESS; n += PER_DEVICE) {
    expect(await askCodes(n % 40 === 0 ? tcp : web, PER_DEVICE, n % 40 === 0 ? 'obfuscated' : 'websocket')).toEqual(Array.from({ length: PER_DEVICE }, () => ''));
  }
  const refused = [expect.stringMatching(/^FLOOD_WAIT_/)];
  expect(await askCodes(tcp, 1)).toEqual(refused);
  expect(await askCodes(web, 1, 'websocket')).toEqual(refused);
  expect(await askCodes(other, 1)).toEqual(['']);
});

test('headers that clients write are ignored, and metrics are closed', async () => {
  await using web = await from('198.51.100.50', ports.web);
  const get = async (path: string, headers: Record<string, string> = {}): Promise<number> => (await fetch(`http://127.0.0.1:${web.http.port}${path}`, { headers })).status;
  const guesses: number[] = [];
  for (let n = 0; n < 16; n++) guesses.push(await get(`/guess_${n}_abc`, { 'x-forwarded-for': `203.0.113.${n}`, 'x-real-ip': `203.0.113.${n}`, forwarded: `for=203.0.113.${n}` }));
  expect(guesses).toContain(429);
  const attempts: Record<string, string>[] = [{}, { authorization: `Bearer ${TOKEN}` }, { 'x-forwarded-for': '127.0.0.1', host: 'localhost' }];
  for (const headers of attempts) expect(await get('/metrics', headers)).toBe(403);
});
