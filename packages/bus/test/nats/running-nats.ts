import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMetrics, silentLogger } from '@aerogram/runtime';
import { expect } from 'vitest';
import { createNatsBus, type NatsBus, type NatsBusOptions, parseNatsUrl } from '../../src/index.ts';
import { CERTIFICATE } from './certificate.ts';

const PROGRAM = '/usr/sbin/nats-server';

/** Whether Debian's nats-server is installed. */
export const hasNats = existsSync(PROGRAM);

/** A server of NATS on loopback that can be killed, frozen and started again on the same port. */
export class RunningNats implements AsyncDisposable {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  /** @param settings further lines of the configuration, in which `FOLDER` stands for one with `cert.pem` and `key.pem` */
  static async start(settings = ''): Promise<RunningNats> {
    const server = new RunningNats(await findPort(), await mkdtemp(join(tmpdir(), 'aerogram-nats-')));
    const path = (name: string): string => join(server.#folder, name);
    await writeFile(path('cert.pem'), CERTIFICATE.cert);
    await writeFile(path('key.pem'), CERTIFICATE.key);
    await writeFile(path('nats.conf'), `listen: "127.0.0.1:${server.port}"\n${settings.replaceAll('FOLDER', server.#folder)}\n`);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const child = spawn(PROGRAM, ['-c', join(this.#folder, 'nats.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('Server is ready')) resolve();
      });
      child.once('exit', () => reject(new Error(said)));
    });
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true });
  }
}

/** A port that nobody listens on. */
export async function findPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A node's bus, and what it counted. */
export interface TestBus extends AsyncDisposable {
  bus: NatsBus;
  /** How often hints may have been lost. */
  gaps: number;
  /** The value of a metric as it is rendered, 0 if there is none. */
  metric(line: string): Promise<number>;
}

/** Creates a bus that connects to a port, or a URL. */
export function makeBus(to: number | string, options: Partial<NatsBusOptions> = {}): TestBus {
  const metrics = createMetrics();
  const servers = parseNatsUrl(typeof to === 'string' ? to : `nats://127.0.0.1:${to}`);
  const bus = createNatsBus({ servers, databaseId: 'database', node: 'node', metrics, log: silentLogger, ...options });
  const made: TestBus = {
    bus,
    gaps: 0,
    async metric(line) {
      const found = (await metrics.render()).split('\n').find((one) => one.startsWith(`${line} `));
      return Number(found?.split(' ').at(-1) ?? 0);
    },
    async [Symbol.asyncDispose]() {
      await bus[Symbol.asyncDispose]();
      metrics[Symbol.dispose]();
    },
  };
  bus.onReconnect(() => made.gaps++);
  return made;
}

/** Waits until buses are connected. */
export async function connected(...buses: TestBus[]): Promise<void> {
  await expect.poll(() => buses.every(({ bus }) => bus.isConnected), { interval: 10 }).toBe(true);
}

/** What `heardBy` sends; some may arrive after it has ended. */
export const PROBE = 'are you there';

/** Waits until what one bus publishes reaches another: hints of such a topic only reach nodes whose subscription the server has. */
export async function heardBy(from: TestBus, topic: string, to: TestBus): Promise<void> {
  let isHeard = false;
  using _ = to.bus.subscribe(topic, (hint) => (isHeard ||= hint === PROBE));
  await expect
    .poll(
      () => {
        from.bus.publish(topic, PROBE);
        return isHeard;
      },
      { interval: 10 },
    )
    .toBe(true);
}
