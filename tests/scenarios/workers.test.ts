import { Agent, request } from 'node:http';
import { homeDcOf } from '@aerogram/cluster';
import { readRsaPublicKey } from '@aerogram/crypto';
import { verifyUpdates, World, type Actor } from '@aerogram/dev-env';
import { makeKeyWith, RawAccount, startServerProcess, wireTo, type ServerProcess } from '@aerogram/dev-env/load';
import { makeKey, RawClient, type WireOptions } from '@aerogram/mtproto/client';
import { encode, LAYER } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const WORKERS = 2;

let server: ServerProcess;
let output = '';
let world: World;
beforeAll(async () => {
  server = await startServerProcess({ env: { AEROGRAM_WORKERS: String(WORKERS) }, onOutput: (text) => void (output += text) });
  world = new World(server);
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

async function readPage(path: string): Promise<string> {
  const { host, port } = server.info.http;
  return (await fetch(`http://${host}:${port}${path}`)).text();
}

/** Sessions created, by worker. */
async function countSessions(): Promise<number[]> {
  const page = await readPage('/metrics');
  const found = page.matchAll(/^aerogram_sessions_created_total\{process="worker-(\d)"\} (\d+)$/gm);
  return [...found].map(([, , count]) => Number(count));
}

test('the server prints where it can be opened, first the address at which passkeys work', async () => {
  const { http, mtproto } = server.info;
  const lines = [`Web      http://localhost:${http.port}/`, `Web      http://127.0.0.1:${http.port}/`, `MTProto  127.0.0.1:${mtproto.port}  (DC 2; TCP, HTTP and WebSocket)`];
  // The lines are printed after the file is written for which the test waited.
  await expect.poll(() => server.output.split('\n').filter((line) => /^(?:Web|MTProto) /.test(line))).toEqual(lines);
});

describe('two workers serve one server', () => {
  let alice: Actor;
  let bob: Actor;

  test('users and their devices are distributed over both', async () => {
    alice = await world.user('Alice');
    bob = await world.user('Bob', { transport: 'obfuscated' });
    // Outside of the servers that run in the process of a test, all users have the home of the server.
    expect([alice, bob].map(({ id }) => homeDcOf(BigInt(id)))).toEqual([2, 2]);
    await alice.device({ transport: 'websocket' });
    await bob.device();
    await alice.meet(bob);
    await bob.meet(alice);
    expect(await countSessions()).toSatisfy((counts: number[]) => counts.length === WORKERS && counts.every((count) => count > 0));
    expect(await server.listWorkers()).toHaveLength(WORKERS);
  });

  test('pushed messages reach every device once, in the order in which they were sent', async () => {
    await verifyUpdates([alice, bob], async () => {
      for (let n = 0; n < 20; n++) {
        await alice.send(bob, `a${n}`);
        await bob.send(alice, `b${n}`);
      }
      await bob.sees('a19');
      await alice.sees('b19');
    });
    for (const device of [...alice.devices, ...bob.devices]) expect(device.state.pushedPts).toEqual([...device.state.pushedPts].sort((a, b) => a - b));
  });

  test('what one worker changes, the other knows: blocking, names, a device that is logged out', async () => {
    await verifyUpdates([alice, bob], async () => {
      await alice.send(bob, 'before');
      await bob.sees('before');
    });
    const { phone, code } = world.freshPhone();
    const devices = [];
    for (let n = 0; n < 4; n++) devices.push(await RawAccount.signUp(server.info, { name: 'Carol', phone, code }));
    const [first, ...others] = devices;
    await first!.call<'account.updateProfile'>({ _: 'account.updateProfile', first_name: 'Caroline' });
    for (const other of others) {
      await expect.poll(async () => {
        const [self] = await other.call<'users.getUsers'>({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] });
        return self?._ === 'user' && self.first_name;
      }).toBe('Caroline');
    }
    const { authorizations } = await first!.call<'account.getAuthorizations'>({ _: 'account.getAuthorizations' });
    for (const { hash, current } of authorizations) {
      if (current !== true) await first!.call<'account.resetAuthorization'>({ _: 'account.resetAuthorization', hash }).catch((error: unknown) => expect(String(error)).toContain('FRESH'));
    }
    for (const device of devices) device.disconnect();
  });

  test('connections of one key go to one worker, over any transport and port', async () => {
    const key = await makeKeyWith(server.info);
    const before = await countSessions();
    const wires: Partial<WireOptions>[] = [
      { framing: 'abridged' },
      { framing: 'intermediate', obfuscated: true },
      { framing: 'full' },
      { transport: 'websocket' },
      { transport: 'websocket', port: server.info.http.port },
      { transport: 'http' },
      { transport: 'http', port: server.info.http.port },
    ];
    const clients: RawClient[] = [];
    for (const wire of wires) {
      const client = await RawClient.connect({ ...wireTo(server.info), ...wire, clientKey: key });
      clients.push(client);
      await client.call(encode({ _: 'invokeWithLayer', layer: LAYER, query: { _: 'help.getNearestDc' } }));
    }
    const gained = (await countSessions()).map((count, index) => count - before[index]!);
    expect(gained.toSorted((a, b) => a - b)).toEqual([0, wires.length]);
    for (const client of clients) await client[Symbol.asyncDispose]();
  });

  test('each step of a handshake may come over a different connection', async () => {
    const publicKeys = server.info.public_keys.map(({ pem }) => readRsaPublicKey(pem));
    for (let n = 0; n < 4; n++) {
      const key = await makeKey({ ...wireTo(server.info), transport: 'http', publicKeys, dc: server.info.dc_id });
      await using client = await RawClient.connect({ ...wireTo(server.info), transport: 'http', clientKey: key });
      await client.call(encode({ _: 'invokeWithLayer', layer: LAYER, query: { _: 'help.getNearestDc' } }));
    }
  });

  test('requests for bots go to a worker, all of one bot to the same one, whatever came before over their connection', async () => {
    const ask = (path: string, agent: Agent, body?: Buffer): Promise<{ status: number | undefined; type: string | undefined; text: string }> =>
      new Promise((resolve, reject) => {
        const { host, port } = server.info.http;
        const sent = request({ host, port, path, agent, method: body ? 'POST' : 'GET' }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve({ status: response.statusCode, type: response.headers['content-type'], text: Buffer.concat(chunks).toString() }));
        });
        sent.on('error', reject).end(body);
      });
    const countBots = async (): Promise<number[]> => {
      const found = (await readPage('/metrics')).matchAll(/^aerogram_http_requests_total\{process="worker-(\d)",route="bot"\} (\d+)$/gm);
      const counts = [0, 0];
      for (const [, worker, count] of found) counts[Number(worker) - 1] = Number(count);
      return counts;
    };
    const workers: number[] = [];
    for (let bot = 0; bot < 8; bot++) {
      const before = await countBots();
      // Each over a separate connection.
      for (let n = 0; n < 3; n++) {
        const body = n === 0 ? undefined : Buffer.alloc(300_000);
        expect(await ask(`/bot${bot}:secret/getMe`, new Agent({ keepAlive: false }), body)).toMatchObject({ status: 401, type: 'application/json' });
      }
      const gained = (await countBots()).map((count, index) => count - before[index]!);
      expect(gained.toSorted((a, b) => a - b)).toEqual([0, 3]);
      workers.push(gained.indexOf(3));
    }
    expect(new Set(workers).size).toBe(2);

    // Any worker answers for a page of a link.
    expect(await ask('/nobody_has_this', new Agent({ keepAlive: false }))).toMatchObject({ status: 404, type: 'text/html; charset=utf-8' });

    // As behind a reverse proxy: one connection for everything.
    const [first, second] = [workers.indexOf(0), workers.indexOf(1)];
    const before = await countBots();
    for (const start of [`/bot${first}:s/getMe`, '/healthz']) {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const paths = [start, `/bot${second}:s/getMe`, '/healthz', `/file/bot${first}:s/a.jpg`, '/nowhere', `/bot${first}:s/x`];
      const statuses: (number | undefined)[] = [];
      for (const path of paths) statuses.push((await ask(path, agent, path.includes('/bot') ? Buffer.from('{}') : undefined)).status);
      expect(statuses).toEqual([start === '/healthz' ? 200 : 401, 401, 200, 401, 404, 401]);
      const plain = Buffer.alloc(40);
      plain.writeInt32LE(20, 16);
      plain.writeUInt32LE(0xbe7e8ef1, 20);
      const handshake = await ask('/api', agent, plain);
      expect(handshake.status).toBe(200);
      expect(handshake.text.length).toBeGreaterThan(40);
      expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
      // Pages for this machine only are not given to forwarded requests.
      if (start !== '/healthz') expect((await ask('/metrics', agent)).status).toBe(403);
      agent.destroy();
    }
    const gained = (await countBots()).map((count, index) => count - before[index]!);
    expect(gained).toEqual([5, 2]);
  });

  test('one page has the metrics of all processes', async () => {
    const page = await readPage('/metrics');
    for (const process of ['supervisor', 'worker-1', 'worker-2']) expect(page).toContain(`aerogram_process_cpu_seconds{process="${process}",mode="user"}`);
    expect(page.match(/^# TYPE aerogram_sessions gauge$/gm)).toHaveLength(1);
  });

  test('SIGUSR2 has the log of all processes tell everything, and a second one ends that', async () => {
    const signal = async (level: string): Promise<void> => {
      process.kill(server.info.pid, 'SIGUSR2');
      await expect.poll(() => output).toContain(`"now":"${level}"`);
    };
    const hasLines = (name: string): boolean => output.split('\n').some((line) => line.includes('"level":"debug"') && line.includes(`"process":"${name}"`));
    expect(hasLines('worker-1')).toBe(false);
    await signal('debug');
    let sent = 0;
    // The workers hear of it within some seconds.
    await expect.poll(async () => {
      await alice.send(bob, `told ${++sent}`);
      return hasLines('worker-1') && hasLines('worker-2');
    }, { timeout: 20_000 }).toBe(true);
    await signal('info');
  });

  test('kill -9 of a worker: it is restarted, its clients reconnect, and nobody misses anything', async () => {
    const [doomed] = await server.listWorkers();
    await verifyUpdates([alice, bob], async () => {
      const sending = Promise.all(Array.from({ length: 20 }, (_, n) => alice.send(bob, `during ${n}`)));
      process.kill(doomed!, 'SIGKILL');
      await sending;
      // Updates pushed into a dead connection are in the difference, which clients fetch in a new session.
      for (const { devices } of [alice, bob]) for (const one of devices) await one.catchUp();
      for (let n = 0; n < 20; n++) await bob.sees(`during ${n}`);
    });
    await expect.poll(() => server.listWorkers(), { timeout: 20_000 }).toSatisfy((pids: number[]) => pids.length === WORKERS && !pids.includes(doomed!));
    expect(await readPage('/readyz')).toContain('ready');
    const [device] = bob.devices;
    expect(device!.state.describe()).toEqual((await device!.load()).describe());
  });

  test('SIGTERM ends all processes after everything is answered', async () => {
    const workers = await server.listWorkers();
    expect(await server.stop()).toBe(0);
    expect(output).toMatch(/"event":"ready","version":"[\d.]+","schema":\d+/);
    expect(output).toContain('"event":"stopped","reason":"SIGTERM"');
    for (const pid of workers) expect(() => process.kill(pid, 0)).toThrow();
  });
});
