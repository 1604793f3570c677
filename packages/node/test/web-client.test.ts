import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMetrics, type ServerFile, silentLogger, TrustedProxies } from '@aerogram/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseEncoding } from '../src/http/accept-encoding.ts';
import { createOpsHandler } from '../src/http/ops.ts';
import { listWebAddresses } from '../src/http/web-addresses.ts';
import { WebFolder } from '../src/http/web-folder.ts';
import type { WebHome } from '../src/http/web-homes.ts';
import { serveWebFolder } from '../src/http/web-routes.ts';
import { SERVER_INFO } from './server-info.ts';

const FILES: Record<string, string> = {
  'index.html': '<!doctype html><script type="module" src="/assets/app-AB12.js"></script>',
  'index.html.br': 'index in brotli',
  'worker.js': 'the worker',
  'sw.js': 'the service worker',
  'manifest.webmanifest': '{}',
  'build.txt': 'b1\n',
  'files.json': '[]',
  'worker.js.map': '{}',
  'notes.html': 'not asked for by any page',
  'assets/app-AB12.js': 'the app',
  'assets/app-AB12.js.br': 'the app in brotli',
  'assets/app-AB12.js.gz': 'the app in gzip',
  'assets/app-AB12.js.map': '{}',
  'assets/app-CD34.css': 'body {}',
  'assets/core-EF56.wasm': 'wasm',
  'assets/icon-AA11.svg': '<svg/>',
  'assets/letters-BB22.woff2': 'a font',
  'assets/program-CC33.exe': 'nothing of ours',
};

let outside: string;
let folder: string;
let server: Server;
let info: ServerFile | undefined;
let homes: WebHome[] = [];
beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'aerogram-web-'));
  folder = join(outside, 'web');
  await mkdir(join(folder, 'assets', 'folder-AB12.js'), { recursive: true });
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
  await writeFile(join(outside, 'outside-AB12.js'), 'a secret');
  const opened = await WebFolder.open(folder);
  // Another build begins to write, after this server was started.
  await writeFile(join(folder, 'worker.js'), 'the next worker');
  await writeFile(join(folder, 'assets', 'late-AB12.js'), 'made later');
  await rm(join(folder, 'assets', 'icon-AA11.svg'));
  server = createServer(
    createOpsHandler({
      isReady: () => true,
      isLeaving: () => false,
      maintenance: () => undefined,
      progress: () => 'starting the database',
      renderMetrics: () => createMetrics().render(),
      trusted: new TrustedProxies([]),
      config: { metricsToken: undefined, httpPort: 8080, webAddress: undefined, tlsCert: undefined, oidcIssuer: undefined, oidcName: 'the company', publicAddress: undefined, publicPort: 0, serverName: 'Aerogram', serverDescription: undefined },
      clock: { monotonicMs: () => 0 },
      picture: undefined,
      info: () => info,
      web: serveWebFolder(opened!, { log: silentLogger, homes: () => homes }),
      homes: () => homes,
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server?.close();
  await rm(outside, { recursive: true, force: true });
});

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Sends a request with exactly this path and these headers, and unpacks nothing. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    }).on('error', reject).end();
  });
}

describe('the encoding of an answer', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['identity', undefined],
    ['gzip, deflate, br', 'br'],
    ['gzip, deflate', 'gzip'],
    ['GZIP', 'gzip'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br; q=0.5 , gzip ; q=0.5', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['*', 'br'],
    ['*;q=0.5, br;q=0', 'gzip'],
    ['br;q=0, *;q=0', undefined],
    ['identity;q=1, br;q=0.5', undefined],
    ['identity;q=0.5, br;q=0.5', 'br'],
    ['zstd, deflate', undefined],
    ['br;q=high, gzip;q=2', undefined],
    ['*;q=0', undefined],
  ])('for %j is %s', (header, encoding) => {
    expect(chooseEncoding(header, ['br', 'gzip'])).toBe(encoding);
  });

  it('is one in which the file exists', () => {
    expect(chooseEncoding('br, gzip;q=0.1', ['gzip'])).toBe('gzip');
    expect(chooseEncoding('br, gzip', [])).toBeUndefined();
  });
});

describe('files of the web client', () => {
  it('with fixed names are at the top, and browsers ask for them each time', async () => {
    const types = { '/': 'text/html; charset=utf-8', '/worker.js': 'text/javascript; charset=utf-8', '/sw.js': 'text/javascript; charset=utf-8', '/manifest.webmanifest': 'application/manifest+json; charset=utf-8' };
    for (const [path, type] of Object.entries(types)) {
      const { status, headers, body } = await ask(`${path}?x=1`);
      expect([path, status, headers['content-type'], headers['cache-control'], body]).toEqual([path, 200, type, 'no-cache', FILES[path === '/' ? 'index.html' : path.slice(1)]]);
    }
  });

  it('with a hash in their names are kept for ever', async () => {
    const types = { 'app-AB12.js': 'text/javascript; charset=utf-8', 'app-CD34.css': 'text/css; charset=utf-8', 'core-EF56.wasm': 'application/wasm', 'letters-BB22.woff2': 'font/woff2' };
    for (const [name, type] of Object.entries(types)) {
      const { status, headers, body } = await ask(`/assets/${name}`);
      expect([name, status, headers['content-type'], headers['cache-control'], body]).toEqual([name, 200, type, 'public, max-age=31536000, immutable', FILES[`assets/${name}`]]);
    }
  });

  it('have the headers that keep foreign scripts, frames and readers out', async () => {
    for (const path of ['/', '/worker.js', '/sw.js', '/assets/app-AB12.js']) {
      const { headers } = await ask(path);
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; " +
          "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types aerogram ProseMirrorClipboard",
      );
      expect(headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin' });
      for (const permission of ['microphone=(self)', 'camera=(self)', 'display-capture=(self)', 'publickey-credentials-get=(self)', 'publickey-credentials-create=(self)', 'geolocation=(self)', 'usb=()']) {
        expect(headers['permissions-policy']).toContain(permission);
      }
    }
  });

  it('are sent in the encoding that the client takes', async () => {
    for (const [path, accepted, encoding, body] of [
      ['/assets/app-AB12.js', 'br, gzip', 'br', 'the app in brotli'],
      ['/assets/app-AB12.js', 'gzip', 'gzip', 'the app in gzip'],
      ['/assets/app-AB12.js', 'deflate', undefined, 'the app'],
      ['/', 'br, gzip', 'br', 'index in brotli'],
      ['/', 'gzip', undefined, FILES['index.html']],
      ['/worker.js', 'br', undefined, 'the worker'],
    ] as const) {
      const answer = await ask(path, { 'accept-encoding': accepted });
      expect([path, answer.headers['content-encoding'], answer.headers['content-length'], answer.headers.vary, answer.body]).toEqual([path, encoding, String(body!.length), 'Accept-Encoding', body]);
    }
  });

  it('are not sent again to a client that has them, each encoding by a tag of its own', async () => {
    const tags = new Set<string>();
    for (const accepted of ['br', 'gzip', '']) {
      const etag = (await ask('/assets/app-AB12.js', { 'accept-encoding': accepted })).headers.etag!;
      tags.add(etag);
      for (const known of [etag, `"other", W/${etag}`, '*']) {
        const { status, headers, body } = await ask('/assets/app-AB12.js', { 'accept-encoding': accepted, 'if-none-match': known });
        expect([status, body, headers.etag, headers.vary, headers['cache-control']]).toEqual([304, '', etag, 'Accept-Encoding', 'public, max-age=31536000, immutable']);
      }
      expect((await ask('/assets/app-AB12.js', { 'accept-encoding': accepted, 'if-none-match': '"other"' })).status).toBe(200);
    }
    expect(tags.size).toBe(3);
  });

  it('are only read', async () => {
    const head = await ask('/assets/app-AB12.js', { 'accept-encoding': 'br' }, 'HEAD');
    expect([head.status, head.headers['content-length'], head.headers['content-encoding'], head.body]).toEqual([200, String('the app in brotli'.length), 'br', '']);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      for (const path of ['/', '/assets/app-AB12.js', '/about', '/client.json']) expect([method, path, await ask(path, {}, method)]).toMatchObject([method, path, { status: 405, headers: { allow: 'GET, HEAD' } }]);
    }
  });

  it('are those of the build with which the server was started', async () => {
    expect((await ask('/worker.js')).body).toBe('the worker');
    for (const gone of ['/assets/late-AB12.js', '/assets/icon-AA11.svg']) expect([gone, (await ask(gone)).status]).toEqual([gone, 404]);
  });

  it.each([
    '/index.html', '/build.txt', '/files.json', '/notes.html', '/worker.js.map', '/worker.js.br', '/index.html.br', '/assets', '/assets/', '/assets/app-AB12.js.map', '/assets/app-AB12.js.br', '/assets/app-AB12.js/',
    '/assets/program-CC33.exe', '/assets/folder-AB12.js', '/assets/../index.html', '/assets/../../outside-AB12.js', '/assets/..%2f..%2foutside-AB12.js', '/assets/%2e%2e/%2e%2e/outside-AB12.js',
    '/../outside-AB12.js', '//assets/app-AB12.js', '/assets//app-AB12.js', '/assets/app-AB12.js%00', '/assets/APP-AB12.js', '/assets/__proto__', '/constructor', '/assets/..\\..\\outside-AB12.js',
  ])('are the only files: %s is not found', async (path) => {
    const { status, body } = await ask(path);
    expect([status, body]).toEqual([404, 'not found\n']);
  });
});

describe('what the web client asks for', () => {
  it('is there when the server is ready', async () => {
    info = undefined;
    expect((await ask('/client.json')).status).toBe(503);
    expect((await ask('/')).status).toBe(200);
    info = SERVER_INFO;
    const { status, headers, body } = await ask('/client.json');
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, 'application/json; charset=utf-8', 'no-cache']);
    expect(JSON.parse(body)).toEqual({ dc_id: 2, layer: 228, public_keys: SERVER_INFO.public_keys, test_mode: true, build: 'b1' });
  });

  it('names the other data centres, to which its pages may connect then', async () => {
    info = SERVER_INFO;
    const before = (await ask('/worker.js')).headers;
    homes = [{ dc: 1, socket: 'wss://one.example.org' }, { dc: 3, socket: 'ws://127.0.0.1:8083' }];
    expect(JSON.parse((await ask('/client.json')).body)).toMatchObject({ homes });
    for (const path of ['/', '/worker.js']) expect((await ask(path)).headers['content-security-policy']).toContain("; connect-src 'self' wss://one.example.org ws://127.0.0.1:8083; ");
    // Browsers do not go on with the policy of before.
    const { status, headers } = await ask('/worker.js', { 'if-none-match': before.etag! });
    expect(status).toBe(200);
    expect((await ask('/worker.js', { 'if-none-match': headers.etag! })).status).toBe(304);
    homes = [];
    expect(before['content-security-policy']).toContain("; connect-src 'self'; ");
  });

  it('leaves the page about the server at /about, which leads to the client', async () => {
    info = SERVER_INFO;
    const { headers, body } = await ask('/about');
    expect(body).toContain('<a href="/">Open the web client</a>');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/);
  });
});

it('a folder without a client is none', async () => {
  expect(await WebFolder.open(join(folder, 'assets'))).toBeUndefined();
  expect(await WebFolder.open(join(folder, 'missing'))).toBeUndefined();
});

it('the address that is printed first is the one at which passkeys work', () => {
  expect(listWebAddresses({ host: '127.0.0.1', port: 8080 })).toEqual(['http://localhost:8080/', 'http://127.0.0.1:8080/']);
  expect(listWebAddresses({ host: '::1', port: 8080 })).toEqual(['http://localhost:8080/', 'http://[::1]:8080/']);
  expect(listWebAddresses({ host: '0.0.0.0', port: 80 })).toEqual(['http://localhost:80/', 'http://0.0.0.0:80/']);
  expect(listWebAddresses({ host: '192.0.2.7', port: 8080 })).toEqual(['http://192.0.2.7:8080/']);
});
