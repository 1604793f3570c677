import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { printErrors } from './child-errors.ts';
import { findRepositoryRoot } from './server-info.ts';

/** Where Debian has nginx. */
export const NGINX = '/usr/sbin/nginx';

/** How long nginx has to start, in milliseconds. */
const START_MS = 20_000;

/** A TCP port of 127.0.0.1 that nobody listens to. */
export async function findFreePort(): Promise<number> {
  const probe = createServer();
  await once(probe.listen(0, '127.0.0.1'), 'listening');
  const { port } = probe.address() as AddressInfo;
  await once(probe.close(), 'close');
  return port;
}

/**
 * Writes deploy/nginx.conf with places that a test can use.
 * @param folder where nginx keeps what it writes
 * @param changes what else is replaced in it, by what
 * @returns the file
 * @throws Error if something that is to be replaced is not there
 */
export function writeNginxConfiguration(folder: string, name: string, changes: Record<string, string>): string {
  let text = readFileSync(join(findRepositoryRoot(), 'deploy/nginx.conf'), 'utf8');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n');
  const places = { '/run/nginx.pid': `${folder}/nginx.pid`, 'worker_processes auto': 'worker_processes 1', 'worker_rlimit_nofile 210000;': '', 'worker_connections 100000': 'worker_connections 500', 'http {': `http {\n${temporary}` };
  for (const [written, actual] of Object.entries({ ...places, ...changes })) {
    if (!text.includes(written)) throw new Error(`deploy/nginx.conf has no "${written}"`);
    text = text.replaceAll(written, actual);
  }
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** An nginx that runs until it is disposed of. */
export class NginxProcess implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** @param file its configuration @param port one that it listens to @throws Error if it does not start */
  static async start(file: string, port: number): Promise<NginxProcess> {
    const nginx = new NginxProcess(printErrors(spawn(NGINX, ['-e', 'stderr', '-c', file, '-g', 'daemon off;'], { stdio: ['ignore', 'ignore', 'pipe'] })));
    const untilMs = performance.now() + START_MS;
    while (!(await isListening(port))) {
      if (nginx.#child.exitCode !== null || performance.now() > untilMs) {
        await nginx[Symbol.asyncDispose]();
        throw new Error('nginx did not start');
      }
      await delay(50);
    }
    return nginx;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const isOpen = await new Promise<boolean>((resolve) => socket.once('connect', () => resolve(true)).once('error', () => resolve(false)));
  socket.destroy();
  return isOpen;
}
