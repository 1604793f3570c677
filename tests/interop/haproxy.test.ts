import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { World } from '@aerogram/dev-env';
import { findFreePort, findRepositoryRoot, RawAccount } from '@aerogram/dev-env/load';
import type { ServerFile } from '@aerogram/runtime';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { useLibraries } from './libraries.ts';
import { tellStory, type Stage } from './story.ts';

/** Debian installs it in a directory that only root has in PATH. */
const PROGRAM = '/usr/sbin/haproxy';
const isThere = spawnSync(PROGRAM, ['-v'], { stdio: 'ignore' }).status === 0;

/** The configuration in docs/proxies.md, with ports that are free and those of the server. */
async function writeConfiguration(file: string, server: ServerFile, [mtproto, web]: readonly number[]): Promise<void> {
  const page = await readFile(join(findRepositoryRoot(), 'docs/proxies.md'), 'utf8');
  const [, written = ''] = /```haproxy\n([^`]+)```/.exec(page) ?? [];
  const ports = { ' :4431': ` 127.0.0.1:${mtproto}`, ' :8081': ` 127.0.0.1:${web}`, '127.0.0.1:4430': `127.0.0.1:${server.mtproto.port}`, '127.0.0.1:8080': `127.0.0.1:${server.http.port}`, 'port 8080': `port ${server.http.port}` };
  let configuration = written;
  for (const [documented, actual] of Object.entries(ports)) {
    expect(configuration).toContain(documented);
    configuration = configuration.replaceAll(documented, actual);
  }
  await writeFile(file, configuration);
}

describe.runIf(isThere)(`behind HAProxy with the configuration of the documentation${isThere ? '' : ' (skipped: haproxy)'}`, () => {
  const libraries = useLibraries({ AEROGRAM_TRUSTED_PROXIES: '127.0.0.2', AEROGRAM_TEST_MODE: 'force', AEROGRAM_METRICS_TOKEN: 'secret', AEROGRAM_WORKERS: '2' }, ['mtcute', 'gramjs']);
  let folder: string;
  let haproxy: ChildProcess;
  /** The server as clients reach it through the proxy: over TCP, and over HTTP. */
  let front: { mtproto: ServerFile; web: ServerFile };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aerogram-haproxy-'));
    const { info } = libraries.server;
    const ports = [await findFreePort(), await findFreePort()];
    const [mtproto, http] = ports.map((port) => ({ host: '127.0.0.1', port })) as [ServerFile['mtproto'], ServerFile['http']];
    front = { mtproto: { ...info, mtproto, http }, web: { ...info, mtproto: http, http } };
    const file = join(folder, 'haproxy.cfg');
    await writeConfiguration(file, info, ports);
    haproxy = spawn(PROGRAM, ['-db', '-q', '-f', file], { stdio: 'ignore' });
    await waitUntilReady();
  });
  afterAll(async () => {
    haproxy?.kill();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  async function get(path: string, headers: Record<string, string> = {}): Promise<number> {
    const { host, port } = front.web.http;
    return (await fetch(`http://${host}:${port}${path}`, { headers })).status;
  }

  /** Waits until the proxy is there and has found the server ready. */
  function waitUntilReady(): Promise<void> {
    return vi.waitFor(async () => expect(await get('/readyz')).toBe(200), { timeout: 20_000, interval: 100 });
  }

  test('mtcute and GramJS tell their story, over TCP and WebSocket, and after a restart of the server', async () => {
    const { server, world, drivers } = libraries;
    const through: Stage['server'] = {
      get info() {
        return front.mtproto;
      },
      async restart() {
        const info = await server.restart();
        await waitUntilReady();
        return info;
      },
    };
    const stage: Stage = { server: through, drivers: Object.fromEntries(drivers) as Stage['drivers'], freshPhone: () => world.freshPhone() };
    await tellStory(stage, { library: 'mtcute', transport: 'websocket' }, { library: 'gramjs', transport: 'obfuscated' });
  });

  test('devices are shown where they are, over TCP and through the HTTP port', async () => {
    const account = await RawAccount.signUp(front.mtproto, { name: 'Carol', localAddress: '127.0.0.5', ...libraries.world.freshPhone() });
    const { authorizations } = await account.call<'account.getAuthorizations'>({ _: 'account.getAuthorizations' });
    expect(authorizations.map(({ ip }) => ip)).toEqual(['127.0.0.5']);
    const { dc_options } = await account.call<'help.getConfig'>({ _: 'help.getConfig' });
    expect(new Set(dc_options.map(({ ip_address, port }) => `${ip_address}:${port}`))).toEqual(new Set([`127.0.0.1:${front.mtproto.mtproto.port}`]));
    account.disconnect();
    await using world = new World({ info: front.web });
    const dora = await world.user('Dora', { transport: 'websocket' }, libraries.world.freshPhone());
    expect((await dora.main.call({ _: 'account.getAuthorizations' })).authorizations.map(({ ip }) => ip)).toEqual(['127.0.0.1']);
  });

  test('pages are limited by the addresses of clients, and metrics are closed', async () => {
    expect(await get('/metrics', { authorization: 'Bearer secret' })).toBe(403);
    // Requests from this machine are not limited; its clients cannot make themselves others.
    for (let n = 0; n < 30; n++) expect(await get('/guess_abc', { 'x-forwarded-for': '198.51.100.7' })).toBe(404);
  });

  test('its health checks leave no line in the log', async () => {
    const { host, port } = libraries.server.info.mtproto;
    const socket = connect({ host, port, localAddress: '127.0.0.2' });
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.resetAndDestroy();
    expect(await get('/readyz')).toBe(200);
    expect(libraries.server.output).not.toContain('trusted proxy');
  });
});
