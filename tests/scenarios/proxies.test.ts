import { request } from 'node:http';
import { connect } from 'node:net';
import { startTestServer, type TestServer, World } from '@aerogram/dev-env';
import { makeKeyWith, RawAccount } from '@aerogram/dev-env/load';
import type { Endpoint } from '@aerogram/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proxyHeaderV1, proxyHeaderV2 } from '../../packages/gateway/test/proxy-headers.ts';
import { startHttpProxy } from '../../packages/gateway/test/http-proxy.ts';
import { startTcpProxy } from '../../packages/gateway/test/tcp-proxy.ts';

/** Trusted proxies connect from here; everybody else, other proxies among them, from 127.0.0.1. */
const PROXY = '127.0.0.2';
const TOKEN = 'metrics-token';
const MAX_CONNECTIONS = 4;

describe.each([1, 2])('behind trusted proxies, a server of %i processes', (workers) => {
  let server: TestServer;
  let numbers: World;
  const proxies: AsyncDisposable[] = [];
  const log: string[] = [];
  beforeAll(async () => {
    const env = { AEROGRAM_TRUSTED_PROXIES: `10.0.0.0/8,${PROXY}`, AEROGRAM_TEST_MODE: 'force', AEROGRAM_WORKERS: String(workers), AEROGRAM_METRICS_TOKEN: TOKEN, AEROGRAM_LOG_LEVEL: 'warn', AEROGRAM_MAX_CONNECTIONS_PER_ADDRESS: String(MAX_CONNECTIONS) };
    server = await startTestServer({ env, onLogLine: (line) => log.push(line) });
    numbers = new World(server);
  });
  afterAll(async () => {
    for (const proxy of proxies) await proxy[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  function own<T extends AsyncDisposable>(proxy: T): T {
    proxies.push(proxy);
    return proxy;
  }

  /** The server as clients at an address reach it through a proxy for TCP. */
  async function overTcp(address: string, version: 1 | 2): Promise<TestServer['info']> {
    const front: Endpoint = { host: '127.0.0.1', port: 0 };
    const ends = { source: { address, port: 50_000 }, destination: { address: address.includes(':') ? '2001:db8::1' : front.host, port: front.port } };
    const greet = (): Uint8Array[] => [version === 1 ? proxyHeaderV1(ends.source, ends.destination) : proxyHeaderV2(ends)];
    const { host, port } = own(await startTcpProxy({ findTarget: () => server.info.mtproto, localAddress: PROXY, greet }));
    ends.destination.port = port;
    return { ...server.info, mtproto: { host, port } };
  }

  /** The server as clients reach it through a proxy for HTTP in front of a port. */
  async function overHttp(forwardedFor: string, { localAddress = PROXY, target = server.info.http } = {}): Promise<TestServer['info']> {
    const { host, port } = own(await startHttpProxy({ target, localAddress, headers: { 'x-forwarded-for': forwardedFor } }));
    return { ...server.info, mtproto: { host, port }, http: { host, port } };
  }

  async function get(info: TestServer['info'], path: string, headers: Record<string, string> = {}): Promise<number> {
    const { host, port } = info.http;
    return (await fetch(`http://${host}:${port}${path}`, { headers })).status;
  }

  /** Asks for a page as a proxy does over a connection of its own. */
  function ask(endpoint: Endpoint, localAddress: string, headers: Record<string, string> = {}): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      request({ ...endpoint, path: '/metrics', localAddress, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject).end();
    });
  }

  test.each([
    ['TCP with PROXY 1', 'obfuscated', '198.51.100.7', () => overTcp('198.51.100.7', 1)],
    ['TCP with PROXY 2', 'intermediate', '198.51.100.8', () => overTcp('198.51.100.8', 2)],
    ['TCP with PROXY 2, IPv6', 'padded', '2001:db8::7', () => overTcp('2001:DB8::7', 2)],
    ['WebSocket inside TCP with PROXY 2', 'websocket', '198.51.100.9', () => overTcp('198.51.100.9', 2)],
    ['WebSocket with X-Forwarded-For', 'websocket', '198.51.100.10', () => overHttp(`127.0.0.1, 203.0.113.1,198.51.100.10, 10.1.2.3`)],
    ['WebSocket of a proxy that is not trusted', 'websocket', '127.0.0.1', () => overHttp('198.51.100.11', { localAddress: '127.0.0.1' })],
  ] as const)('shows a device where it is: %s', async (_, transport, address, reach) => {
    const info = await reach();
    await using world = new World({ info });
    const alice = await world.user('Alice', { transport }, numbers.freshPhone());
    const { authorizations } = await alice.main.call({ _: 'account.getAuthorizations' });
    expect(authorizations.map(({ ip }) => ip)).toEqual([address]);
  });

  test('limits connections by the addresses of clients, not of proxies', async () => {
    const [one, other] = [await overTcp('198.51.100.20', 2), await overTcp('198.51.100.21', 1)];
    const open = async ({ mtproto }: TestServer['info']): Promise<{ isOpen: () => boolean }> => {
      const socket = connect(mtproto);
      socket.on('error', () => {});
      // A stream that waits for the rest of its first packet.
      socket.resume().write(Buffer.from([0xef, 0x20]));
      await new Promise((resolve) => socket.once('connect', resolve));
      return { isOpen: () => !socket.destroyed && socket.readyState === 'open' };
    };
    const sockets: { isOpen: () => boolean }[] = [];
    for (let n = 0; n < MAX_CONNECTIONS + 2; n++) sockets.push(await open(one), await open(other));
    await expect.poll(() => sockets.filter((socket) => socket.isOpen()).length).toBe(2 * MAX_CONNECTIONS);
    await makeKeyWith(await overTcp('198.51.100.22', 2));
    await expect(makeKeyWith(one)).rejects.toThrow();
  });

  test('limits pages by the addresses of clients, whatever these send themselves', async () => {
    /** Guesses until nothing more is answered, each time with another header; each worker counts for itself. */
    const guess = async (info: TestServer['info'], count: number): Promise<number[]> => {
      const all: number[] = [];
      for (let n = 0; n < count; n++) all.push(await get(info, `/guess_${n}_abc`, { 'x-forwarded-for': `203.0.113.${n}` }));
      return all;
    };
    const [guesser, other] = [await overHttp('198.51.100.99, 198.51.100.30'), await overHttp('198.51.100.99, 198.51.100.31, 10.0.0.1')];
    expect(await guess(guesser, 16 * workers)).toContain(429);
    expect(await guess(other, 1)).toEqual([404]);
    // The same inside a connection with a PROXY header, whose client cannot name others.
    const inside = await overTcp('198.51.100.32', 2);
    expect(await guess({ ...inside, http: inside.mtproto }, 16 * workers)).toContain(429);
  });

  test('keeps its metrics from everything that comes through a proxy without the token', async () => {
    const { http, mtproto } = server.info;
    const authorization = `Bearer ${TOKEN}`;
    expect(await ask(http, '127.0.0.1')).toBe(200);
    for (const name of ['x-forwarded-for', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via']) expect([name, await ask(http, '127.0.0.1', { [name]: '127.0.0.1' })]).toEqual([name, 403]);
    expect([await ask(http, PROXY), await ask(http, PROXY, { authorization })]).toEqual([403, 200]);
    const fromHere = await overTcp('127.0.0.1', 2);
    expect(await ask(mtproto, '127.0.0.1')).toBe(200);
    expect([await ask(fromHere.mtproto, '127.0.0.1'), await ask(fromHere.mtproto, '127.0.0.1', { authorization })]).toEqual([403, 200]);
  });

  test('says nothing of connections that only check whether it is there', async () => {
    const before = log.length;
    for (const port of [server.info.mtproto.port, server.info.http.port]) {
      for (const bytes of ['', 'PROXY UNKNOWN\r\n']) {
        const socket = connect({ host: '127.0.0.1', port, localAddress: PROXY });
        await new Promise((resolve) => socket.once('connect', resolve));
        if (bytes !== '') await new Promise((resolve) => socket.write(bytes, resolve));
        socket.resetAndDestroy();
      }
    }
    await makeKeyWith(await overTcp('198.51.100.40', 2));
    expect(log.slice(before).filter((line) => (JSON.parse(line) as { level: number }).level >= 40)).toEqual([]);
  });

  test('gives the same answers as ever to clients that come without a proxy', async () => {
    const direct = await RawAccount.signUp(server.info, { name: 'Bob', ...numbers.freshPhone() });
    const { authorizations } = await direct.call<'account.getAuthorizations'>({ _: 'account.getAuthorizations' });
    expect(authorizations.map(({ ip }) => ip)).toEqual(['127.0.0.1']);
    direct.disconnect();
  });
});
