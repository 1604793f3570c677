import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createPageFetcher, FetchRefused } from '../src/index.ts';

const HTML = '<title>Hello</title>';
let port = 0;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const asked: IncomingMessage[] = [];
const server = createServer((request, response) => {
  asked.push(request);
  answer(request, response);
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked.length = 0;
  answer = (_request, response) => html(response, HTML);
});

function html(response: ServerResponse, body: string | Uint8Array, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers });
  response.end(body);
}

const open = { address: '127.0.0.1', prefix: 32 };
const never = new AbortController().signal;

/** Reads from the local server under some name. */
function read(path: string, more: { host?: string; addresses?: string[]; allowed?: (typeof open)[]; timeoutMs?: number; signal?: AbortSignal; scheme?: string } = {}) {
  const { host = 'pages.example.org', addresses = ['127.0.0.1'], allowed = [open], scheme = 'http', signal = never } = more;
  const fetcher = createPageFetcher({ ports: [port], allowed, resolve: () => Promise.resolve(addresses), timeoutMs: more.timeoutMs ?? 5000 });
  return fetcher.fetchPage(`${scheme}://${host}:${port}${path}`, signal);
}

test('a page is requested by its name, from the checked address, without any data about the server', async () => {
  expect(await read('/a?b=c')).toEqual({ title: 'Hello', siteName: 'pages.example.org' });
  const [request] = asked;
  expect(request?.url).toBe('/a?b=c');
  expect(request?.headers.host).toBe(`pages.example.org:${port}`);
  expect(Object.keys(request!.headers).toSorted()).toEqual(['accept', 'accept-encoding', 'accept-language', 'connection', 'host', 'user-agent']);
});

describe('a server that only this machine reaches', () => {
  const fetchFrom = (url: string, allowsLoopback = true): Promise<unknown> =>
    createPageFetcher({ ports: [80, 443], allowed: [], allowsLoopback, resolve: () => Promise.resolve(['127.0.0.1']), timeoutMs: 5000 }).fetchFile(url, never);

  test('reads loopback addresses and localhost at any port, if the URL names them', async () => {
    for (const host of ['127.0.0.1', 'localhost']) expect(await fetchFrom(`http://${host}:${port}/`)).toMatchObject({ bytes: Buffer.from(HTML) });
    answer = (request, response) => (request.url === '/' ? response.writeHead(302, { location: `http://localhost:${port}/there` }).end() : html(response, HTML));
    expect(await fetchFrom(`http://127.0.0.1:${port}/`)).toMatchObject({ bytes: Buffer.from(HTML) });
  });

  test.each([
    ['a name that leads to loopback', () => `http://pages.example.org:${port}/`],
    ['a private address', () => 'http://10.0.0.1/'],
    ['all addresses of the machine', () => `http://0.0.0.0:${port}/`],
    ['another name of the machine', () => `http://localhost.example.org:${port}/`],
  ])('does not ask %s', async (_what, urlOf) => {
    await expect(fetchFrom(urlOf())).rejects.toThrow(FetchRefused);
    expect(asked).toEqual([]);
  });

  test('is not led from one to another place, and others ask nothing on loopback', async () => {
    answer = (_request, response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end();
    await expect(fetchFrom(`http://127.0.0.1:${port}/`)).rejects.toThrow(FetchRefused);
    for (const host of ['127.0.0.1', 'localhost']) await expect(fetchFrom(`http://${host}:${port}/`, false)).rejects.toThrow(FetchRefused);
    // As if the site were on the internet: only its own port is open, and its redirect names loopback.
    answer = (_request, response) => response.writeHead(302, { location: `http://localhost:${port}/` }).end();
    const fetcher = createPageFetcher({ ports: [port], allowed: [open], allowsLoopback: true, resolve: () => Promise.resolve(['127.0.0.1']) });
    await expect(fetcher.fetchFile(`http://pages.example.org:${port}/`, never)).rejects.toThrow(FetchRefused);
  });
});

test.each([
  ['a closed address', ['10.0.0.1']],
  ['one closed address among public ones', ['93.184.215.14', '127.0.0.1', '169.254.169.254']],
  ['a mapped address', ['::ffff:169.254.169.254']],
  ['no address', []],
])('a name with %s is not contacted', async (_what, addresses) => {
  await expect(read('/', { addresses, allowed: [] })).rejects.toThrow(FetchRefused);
  expect(asked).toHaveLength(0);
});

test('addresses in place of names are checked too, in any notation', async () => {
  for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '127.1', '0', '[::1]', '[::ffff:127.0.0.1]', 'localhost', 'intranet', '127.0.0.1.']) {
    await expect(read('/', { host, allowed: [], addresses: ['127.0.0.1'] })).rejects.toThrow(FetchRefused);
  }
  expect(asked).toHaveLength(0);
  expect(await read('/', { host: '127.0.0.1' })).toMatchObject({ title: 'Hello' });
});

test('a name is resolved once: it cannot resolve differently when the connection is made', async () => {
  let times = 0;
  const fetcher = createPageFetcher({
    ports: [port],
    allowed: [open],
    resolve: () => Promise.resolve([times++ === 0 ? '127.0.0.1' : '169.254.169.254']),
  });
  expect(await fetcher.fetchPage(`http://rebind.example.org:${port}/`, never)).toMatchObject({ title: 'Hello' });
  expect(times).toBe(1);
  await expect(fetcher.fetchPage(`http://rebind.example.org:${port}/`, never)).rejects.toThrow('the address is closed');
});

test('each redirect is checked like the first address, and their number is limited', async () => {
  const to = (location: string): void => {
    answer = (request, response) => {
      if (request.url === '/there') return html(response, HTML);
      response.writeHead(302, { location });
      return response.end();
    };
  };
  to('/there');
  expect(await read('/')).toMatchObject({ title: 'Hello' });
  for (const location of ['http://169.254.169.254/latest/meta-data/', 'http://[::1]/', `http://127.0.0.2:${port}/`, 'http://localhost/', 'file:///etc/passwd', 'ftp://pages.example.org/', `http://a:b@pages.example.org:${port}/there`, 'http://pages.example.org:22/', 'gopher://127.0.0.1/']) {
    to(location);
    await expect(read('/')).rejects.toThrow(FetchRefused);
  }
  to('/again');
  asked.length = 0;
  await expect(read('/')).rejects.toThrow('too many redirects');
  expect(asked).toHaveLength(6);
});

test('whoever asks for a page or picture is asked about each redirect', async () => {
  const fetcher = createPageFetcher({ ports: [port], allowed: [open] });
  const base = `http://127.0.0.1:${port}`;
  const followed: string[] = [];
  const mayFollow = (url: string): boolean => followed.push(url) < 3;
  answer = (request, response) => void response.writeHead(302, { location: `${request.url}a` }).end();
  await expect(fetcher.fetchPage(`${base}/`, never, mayFollow)).rejects.toThrow('may not be followed');
  expect(followed).toEqual([`${base}/a`, `${base}/aa`, `${base}/aaa`]);
  expect(asked.map(({ url }) => url)).toEqual(['/', '/a', '/aa']);
  await expect(fetcher.fetchPicture(`${base}/b`, never, mayFollow)).rejects.toThrow('may not be followed');
  await expect(fetcher.fetchFile(`${base}/c`, never, { mayFollow })).rejects.toThrow('may not be followed');
  expect(asked).toHaveLength(5);
});

test('a file of any type is read whole, up to the length that its caller allows', async () => {
  const fetcher = createPageFetcher({ ports: [port], allowed: [open] });
  const ask = (maxBytes?: number): Promise<number | undefined> => fetcher.fetchFile(`http://127.0.0.1:${port}/`, never, maxBytes === undefined ? {} : { maxBytes }).then((file) => file?.bytes.length);
  answer = (_request, response) => void response.end(Buffer.alloc(6_000_000));
  await expect(ask()).rejects.toThrow('too long');
  await expect(ask(5_999_999)).rejects.toThrow('too long');
  expect(await ask(6_000_000)).toBe(6_000_000);
});

test('only HTML with status 200 is read', async () => {
  answer = (_request, response) => html(response, HTML, { 'content-type': 'application/json' });
  expect(await read('/')).toBeUndefined();
  answer = (_request, response) => {
    response.writeHead(404, { 'content-type': 'text/html' });
    response.end(HTML);
  };
  await expect(read('/')).rejects.toThrow('status 404');
});

test.each([
  ['gzip', gzipSync(HTML)],
  ['br', brotliCompressSync(HTML)],
  ['deflate', deflateSync(HTML)],
])('%s is unpacked', async (encoding, body) => {
  answer = (_request, response) => html(response, body, { 'content-encoding': encoding });
  expect(await read('/')).toMatchObject({ title: 'Hello' });
});

test('a bomb is unpacked only up to the maximum length of a page', async () => {
  const bomb = gzipSync(Buffer.concat([Buffer.from(HTML), Buffer.alloc(200 * 1024 * 1024)]));
  const before = process.memoryUsage().arrayBuffers;
  answer = (_request, response) => html(response, bomb, { 'content-encoding': 'gzip' });
  expect(await read('/')).toMatchObject({ title: 'Hello' });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 1024 * 1024);
  answer = (_request, response) => html(response, gzipSync(gzipSync(HTML)), { 'content-encoding': 'gzip, gzip' });
  await expect(read('/')).rejects.toThrow(FetchRefused);
  // Unpacks to nothing, without end.
  const empty = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, ...Array.from({ length: 20_000 }, () => [0, 0, 0, 0xff, 0xff]).flat()]);
  answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' });
    response.write(empty);
    const more = (): void => {
      while (!response.destroyed && response.write(empty.subarray(10)));
    };
    response.on('drain', more);
    more();
  };
  expect(await read('/')).toBeUndefined();
});

test('an endless page is read up to the maximum length of a page', async () => {
  answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.write(HTML);
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    };
    response.on('drain', more);
    more();
  };
  expect(await read('/')).toMatchObject({ title: 'Hello' });
});

test('slow servers, and endless headers, time out', async () => {
  answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.write('<title>');
  };
  await expect(read('/', { timeoutMs: 200 })).rejects.toThrow();
  answer = () => {};
  await expect(read('/', { timeoutMs: 200 })).rejects.toThrow();
  await expect(read('/', { signal: AbortSignal.abort(new Error('stopping')) })).rejects.toThrow('stopping');

  const endless = createSocketServer((socket) => {
    socket.on('error', () => {});
    socket.write('HTTP/1.1 200 OK\r\n');
    const more = (): void => {
      while (!socket.destroyed && socket.write(`x-y: ${'z'.repeat(1000)}\r\n`));
    };
    socket.on('drain', more);
    more();
  });
  await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
  const other = (endless.address() as AddressInfo).port;
  const fetcher = createPageFetcher({ ports: [other], allowed: [open] });
  await expect(fetcher.fetchPage(`http://127.0.0.1:${other}/`, never)).rejects.toThrow();
  endless.close();
});

test('a server that wants to speak another protocol is refused, and its connection cannot end the process', async () => {
  const uncaught: unknown[] = [];
  const note = (error: unknown): void => void uncaught.push(error);
  process.on('uncaughtExceptionMonitor', note);
  const closed = new Set<Promise<unknown>>();
  const switching = createSocketServer((socket) => {
    socket.on('error', () => {});
    closed.add(once(socket, 'close'));
    socket.once('data', () => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nmore'));
  });
  await new Promise<void>((resolve) => switching.listen(0, '127.0.0.1', resolve));
  const other = (switching.address() as AddressInfo).port;
  const fetcher = createPageFetcher({ ports: [other], allowed: [open] });
  await expect(fetcher.fetchPage(`http://127.0.0.1:${other}/`, never)).rejects.toThrow('upgraded');
  await Promise.all(closed);
  switching.close();
  process.off('uncaughtExceptionMonitor', note);
  expect(uncaught).toEqual([]);
});

test('other ports are refused, and certificates are checked', async () => {
  const fetcher = createPageFetcher({ ports: [80, 443], allowed: [open] });
  await expect(fetcher.fetchPage(`http://127.0.0.1:${port}/`, never)).rejects.toThrow('this port is closed');
  await expect(read('/', { scheme: 'https' })).rejects.toThrow();
});

describe('pictures', () => {
  const JPEG = Buffer.of(0xff, 0xd8, 0xff, 1, 2, 3);
  const picture = (path = '/picture', more: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<Uint8Array | undefined> =>
    createPageFetcher({ ports: [port], allowed: [open], timeoutMs: more.timeoutMs ?? 5000 }).fetchPicture(`http://127.0.0.1:${port}${path}`, more.signal ?? never);
  const pour = (response: ServerResponse, headers: Record<string, string>, body: Uint8Array): void => {
    response.writeHead(200, headers);
    const more = (): void => {
      while (!response.destroyed && response.write(body));
    };
    response.on('drain', more);
    more();
  };

  test.each(['image/jpeg', 'image/png', 'IMAGE/WEBP; q=1', 'image/jpg'])('of the type %s are read', async (type) => {
    answer = (_request, response) => html(response, JPEG, { 'content-type': type });
    expect(await picture()).toEqual(JPEG);
    expect(await read('/')).toEqual({ picture: JPEG });
    expect(asked[0]!.headers.accept).not.toContain('html');
  });

  test.each(['text/html', 'image/svg+xml', 'image/gif', 'application/octet-stream', ''])('are not what a site calls "%s"', async (type) => {
    answer = (_request, response) => html(response, JPEG, { 'content-type': type });
    expect(await picture()).toBeUndefined();
  });

  test('longer than 5 MiB are refused, whether the site says so, sends more, or sends without end', async () => {
    const most = Buffer.alloc(5 * 1024 * 1024);
    answer = (_request, response) => html(response, most, { 'content-type': 'image/png' });
    expect(await picture()).toHaveLength(most.length);
    answer = (_request, response) => html(response, Buffer.concat([most, JPEG]), { 'content-type': 'image/png' });
    await expect(picture()).rejects.toThrow('too long');
    answer = (_request, response) => response.writeHead(200, { 'content-type': 'image/png', 'content-length': String(most.length + 1) }).write(JPEG);
    await expect(picture()).rejects.toThrow('too long');
    answer = (_request, response) => pour(response, { 'content-type': 'image/png' }, Buffer.alloc(65_536));
    await expect(picture()).rejects.toThrow('too long');
    answer = (_request, response) => html(response, gzipSync(Buffer.alloc(100 * 1024 * 1024)), { 'content-type': 'image/png', 'content-encoding': 'gzip' });
    await expect(picture()).rejects.toThrow('too long');
  });

  test('that end before they should, or never come, are refused', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': '1000' });
      response.write(JPEG);
      setImmediate(() => response.destroy());
    };
    await expect(picture()).rejects.toThrow();
    answer = (_request, response) => void response.writeHead(200, { 'content-type': 'image/jpeg' }).write(JPEG);
    await expect(picture('/', { timeoutMs: 200 })).rejects.toThrow();
    await expect(picture('/', { signal: AbortSignal.abort(new Error('stopping')) })).rejects.toThrow('stopping');
  });

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ] as const)('of which a part is missing are refused when they are compressed with %s, while the beginning of a page is enough', async (encoding, compress) => {
    const whole = randomBytes(300_000);
    const serve = (body: Uint8Array, type: string): void => {
      answer = (_request, response) => html(response, body, { 'content-type': type, 'content-encoding': encoding, 'content-length': String(body.length) });
    };
    const packed = compress(whole);
    serve(packed, 'image/png');
    expect(whole.equals((await picture())!)).toBe(true);
    for (const length of [packed.length >> 1, packed.length - 1]) {
      serve(packed.subarray(0, length), 'image/png');
      await expect(picture(), `${length}`).rejects.toThrow();
    }
    const page = compress(Buffer.concat([Buffer.from(HTML), whole]));
    serve(page.subarray(0, page.length >> 1), 'text/html');
    expect(await read('/')).toMatchObject({ title: 'Hello' });
  });

  test('that take more than 5 MiB while they are compressed are refused, though they unpack to less', async () => {
    // Blocks without content between two with a few bytes.
    const block = Buffer.of(0, 5, 0, 0xfa, 0xff, 104, 101, 108, 108, 111);
    const body = Buffer.concat([gzipSync('').subarray(0, 10), block, Buffer.alloc(5 * 1_300_000, Buffer.of(0, 0, 0, 0xff, 0xff)), block]);
    answer = (_request, response) => void response.writeHead(200, { 'content-type': 'image/png', 'content-encoding': 'gzip' }).end(body);
    await expect(picture()).rejects.toThrow('too long');
  });

  test('are searched only where pages are searched', async () => {
    for (const location of ['http://169.254.169.254/a.jpg', 'http://[::1]/a.jpg', `http://127.0.0.2:${port}/`, 'file:///etc/passwd', 'data:image/png;base64,AA==']) {
      answer = (_request, response) => response.writeHead(302, { location }).end();
      await expect(picture()).rejects.toThrow(FetchRefused);
    }
    const closed = createPageFetcher({ ports: [port], allowed: [] });
    await expect(closed.fetchPicture(`http://127.0.0.1:${port}/`, never)).rejects.toThrow('the address is closed');
  });

  test('have addresses that are relative to that of the page, after its redirects', async () => {
    answer = (request, response) => {
      if (request.url === '/a/page') return html(response, '<meta property="og:image" content="../b.jpg?c"><title>Hello</title>');
      response.writeHead(302, { location: '/a/page' });
      return response.end();
    };
    expect(await read('/')).toMatchObject({ title: 'Hello', pictureUrl: `http://pages.example.org:${port}/b.jpg?c` });
  });
});
