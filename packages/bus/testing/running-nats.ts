import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CERTIFICATE } from './certificate.ts';

const PROGRAM = '/usr/sbin/nats-server';

/** Whether Debian's package nats-server is installed. */
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

  /** Starts a server on a free port. @param settings further lines of the configuration, in which `FOLDER` stands for a directory with `cert.pem` and `key.pem` */
  static async start(settings = ''): Promise<RunningNats> {
    const server = new RunningNats(await findPort(), await mkdtemp(join(tmpdir(), 'aerogram-nats-')));
    const path = (name: string): string => join(server.#folder, name);
    await writeFile(path('cert.pem'), CERTIFICATE.cert);
    await writeFile(path('key.pem'), CERTIFICATE.key);
    await writeFile(path('nats.conf'), `listen: "127.0.0.1:${server.port}"\n${settings.replaceAll('FOLDER', server.#folder)}\n`);
    await server.start();
    return server;
  }

  /** Starts it again on its port; returns when it accepts connections. */
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
