import { createHash } from 'node:crypto';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMetrics, type ServerFile, TrustedProxies } from '@aerogram/runtime';
import { listClientSettings } from '../src/http/client-settings.ts';
import { createOpsHandler } from '../src/http/ops.ts';
import { reachableEndpoint } from '../src/http/reachable-endpoint.ts';
import { renderAboutPage } from '../src/http/start-page.ts';
import { SERVER_INFO } from './server-info.ts';

let server: Server;
let state: { ready: boolean; leaving: boolean; info: ServerFile | undefined; maintenance: string | undefined };

/** Requests a page with a chosen Host header, which `fetch` would not send. @returns the status */
function getAs(host: string, path: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers: { host, ...headers } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject).end();
  });
}

function get(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, init);
}

async function listen(metricsToken?: string): Promise<void> {
  state = { ready: false, leaving: false, info: undefined, maintenance: undefined };
  server = createServer(
    createOpsHandler({
      isReady: () => state.ready,
      isLeaving: () => state.leaving,
      maintenance: () => state.maintenance,
      progress: () => 'starting the database',
      renderMetrics: () => createMetrics().render(),
      trusted: new TrustedProxies([]),
      config: { metricsToken, httpPort: 8080, webAddress: undefined, tlsCert: undefined, oidcIssuer: undefined, oidcName: 'the company', publicAddress: undefined, publicPort: 0, serverName: 'Aerogram', serverDescription: undefined },
      clock: { monotonicMs: () => 0 },
      picture: undefined,
      info: () => state.info,
      web: undefined,
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

beforeEach(() => listen());
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('the Bot API before there is a domain', () => {
  it.each(['/bot12:abc/getMe', '/bot12/sendMessage', '/file/bot12:abc/a'])('is answered in JSON that programs read, by GET and by POST: %s', async (path) => {
    for (const method of ['GET', 'POST']) {
      const answer = await get(path, { method });
      expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([503, '1', { ok: false, error_code: 503, description: 'Service Unavailable: the server is starting' }]);
    }
    expect((await get('/botanic')).headers.get('content-type')).toContain('text/plain');
  });
});

describe('health', () => {
  it('is alive at once and ready when the node says so', async () => {
    expect((await get('/healthz')).status).toBe(200);
    const early = await get('/readyz');
    expect([early.status, await early.json()]).toEqual([503, { status: 'not ready', progress: 'starting the database' }]);
    state.ready = true;
    expect((await get('/readyz?x=1')).status).toBe(200);
    state.maintenance = 'read-only since 2026-01-31 at 18:00 UTC';
    const reading = await get('/readyz');
    expect([reading.status, await reading.json()]).toEqual([200, { status: 'ready', maintenance: state.maintenance }]);
  });

  it('answers 404 while its clients go to other nodes, by which HAProxy keeps the connections that it has', async () => {
    state.leaving = true;
    expect((await get('/readyz')).status).toBe(404);
    expect((await get('/healthz')).status).toBe(200);
  });

  it('answers other paths with 404 and other methods with 405', async () => {
    expect((await get('/nothing')).status).toBe(404);
    expect((await get('/', { method: 'POST', body: 'x' })).status).toBe(405);
    const head = await get('/healthz', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});

describe('/metrics', () => {
  it('is open to this machine, but not to requests forwarded by a proxy', async () => {
    expect((await get('/metrics')).status).toBe(200);
    expect((await get('/metrics', { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(403);
  });

  it('is closed to a web page whose domain resolves to this machine (DNS rebinding)', async () => {
    for (const host of ['127.0.0.1:8080', 'localhost', 'LOCALHOST:1', '[::1]:8080']) expect([host, await getAs(host, '/metrics')]).toEqual([host, 200]);
    for (const host of ['evil.example:8080', 'localhost.evil.example', '192.0.2.1', 'a b']) expect([host, await getAs(host, '/metrics')]).toEqual([host, 403]);
    server.close();
    await listen('s3cret');
    expect(await getAs('metrics.example', '/metrics', { authorization: 'Bearer s3cret' })).toBe(200);
  });

  it('and the other pages are closed to other origins', async () => {
    for (const path of ['/metrics', '/', '/about', '/client.json', '/healthz', '/readyz']) {
      const { headers } = await get(path, { headers: { origin: 'https://evil.example' } });
      expect([path, headers.get('access-control-allow-origin'), headers.get('cross-origin-resource-policy')]).toEqual([path, null, 'same-origin']);
    }
  });

  it('accepts the right token only', async () => {
    server.close();
    await listen('s3cret');
    const withToken = (token: string): Promise<Response> =>
      get('/metrics', { headers: { 'x-forwarded-for': '192.0.2.1', authorization: `Bearer ${token}` } });
    expect((await withToken('s3cret')).status).toBe(200);
    expect((await withToken('s3cre')).status).toBe(403);
  });
});

describe('the page about the server', () => {
  it('waits for the node, then shows address, key and settings', async () => {
    expect((await get('/about')).status).toBe(503);
    state.info = SERVER_INFO;
    const page = await (await get('/about')).text();
    for (const text of ['127.0.0.1:4430', '-42', 'BEGIN RSA PUBLIC KEY', 'Telethon', 'kBuiltInDcs', '99966XYYYY']) {
      expect(page).toContain(text);
    }
    expect(page).not.toContain('web client');
  });

  it('is at / as well where no web client was built', async () => {
    state.info = SERVER_INFO;
    expect(await (await get('/')).text()).toBe(await (await get('/about')).text());
    expect(await (await get('/client.json')).json()).toMatchObject({ dc_id: 2, build: '' });
  });

  it('allows its own style by a hash, and nothing else', async () => {
    state.info = SERVER_INFO;
    const response = await get('/about');
    const style = /<style>([^]*?)<\/style>/.exec(await response.text())![1]!;
    expect(response.headers.get('content-security-policy')).toBe(`default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`);
  });

  it('escapes what it shows', () => {
    const page = renderAboutPage({ ...SERVER_INFO, mtproto: { host: '<b>&"', port: 1 }, test_mode: false }, { hasWebClient: true, serverName: '<i>Family', serverDescription: '<i>Ours' });
    expect(page).not.toMatch(/<b>|<i>/);
    expect(page).not.toContain('99966XYYYY');
  });
});

describe('address for clients', () => {
  const every = { host: '0.0.0.0', port: 4430 };
  const nothing = { publicAddress: undefined, publicPort: 0 };

  it('is the local address that was reached when the server listens on all, and the public one if configured', () => {
    expect(reachableEndpoint(SERVER_INFO.mtproto, nothing, '192.0.2.9')).toEqual(SERVER_INFO.mtproto);
    expect(reachableEndpoint(every, nothing, '::ffff:192.0.2.9')).toEqual({ host: '192.0.2.9', port: 4430 });
    expect(reachableEndpoint(every, { publicAddress: '198.51.100.1', publicPort: 443 }, '192.0.2.9')).toEqual({
      host: '198.51.100.1',
      port: 443,
    });
  });
});

describe('client settings', () => {
  it('name address, DC and every key', () => {
    const two = { ...SERVER_INFO, public_keys: ['ABC', 'DEF'].map((pem, index) => ({ pem, fingerprint: String(index) })) };
    for (const { client, text } of listClientSettings(two)) {
      expect([client, text.includes('127.0.0.1') && text.includes('4430')]).toEqual([client, true]);
      expect([client, text.includes('ABC') && text.includes('DEF')]).toEqual([client, true]);
    }
  });
});
