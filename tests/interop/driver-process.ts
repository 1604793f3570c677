import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { DriverClient, DriverError, type DriverEvent, type Library } from './driver-client.ts';

const CALL_WAIT_MS = 60_000;

/** A process that runs one client library, with any number of clients. */
export class DriverProcess implements AsyncDisposable {
  readonly library: Library;
  private readonly child: ChildProcess;
  private readonly clients = new Map<string, DriverClient>();
  private readonly pending = new Map<number, { call: string; resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  private readonly ended: Promise<void>;
  private nextId = 1;
  private errors = '';

  constructor(library: Library) {
    this.library = library;
    const [command, script] = COMMANDS[library]();
    this.child = spawn(command, [join(findRepositoryRoot(), 'tests/interop/drivers', script)], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
    this.ended = new Promise((resolve) => this.child.once('exit', () => resolve()));
    this.child.stderr!.on('data', (chunk: Buffer) => {
      this.errors = (this.errors + chunk.toString('utf8')).slice(-8192);
    });
    createInterface({ input: this.child.stdout! }).on('line', (line) => this.takeLine(line));
    this.child.once('exit', () => {
      for (const { call, reject } of this.pending.values()) reject(new Error(`${library} ended during ${call}${this.complaints}`));
      this.pending.clear();
    });
  }

  /** The library's output on stderr, for the message of a failing test. */
  get complaints(): string {
    return this.errors ? `\n--- stderr of ${this.library} ---\n${this.errors}` : '';
  }

  client(name: string): DriverClient {
    const client = new DriverClient(this, this.library, name);
    this.clients.set(name, client);
    return client;
  }

  /** Sends one command and waits for its answer. */
  async request(client: string, method: string, params: Record<string, unknown>): Promise<unknown> {
    const id = this.nextId++;
    const call = `${this.library} ${client}.${method}`;
    return new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.pending.delete(id);
        reject(new Error(`${call} gave no answer in ${CALL_WAIT_MS} ms${this.complaints}`));
      }, CALL_WAIT_MS);
      const settle = <A>(then: (value: A) => void) => (value: A): void => {
        clearTimeout(timer);
        then(value);
      };
      this.pending.set(id, { call, resolve: settle(resolve), reject: settle(reject) });
      this.child.stdin!.write(`${JSON.stringify({ id, client, method, params })}\n`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.stdin!.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await this.ended;
    clearTimeout(timer);
  }

  private takeLine(line: string): void {
    if (!line.startsWith('{')) return;
    const { id, client, event, result, error } = JSON.parse(line) as {
      id?: number; client?: string; event?: DriverEvent; result?: unknown; error?: { code: number; text: string };
    };
    if (event && client !== undefined) {
      this.clients.get(client)?.take(event);
      return;
    }
    const waiting = id === undefined ? undefined : this.pending.get(id);
    if (!waiting || id === undefined) return;
    this.pending.delete(id);
    if (error) waiting.reject(new DriverError(waiting.call, error.code, error.text));
    else waiting.resolve(result);
  }
}

const COMMANDS: Record<Library, () => [string, string]> = {
  mtcute: () => [process.execPath, 'mtcute-driver.mjs'],
  gramjs: () => [process.execPath, 'gramjs-driver.mjs'],
  telethon: () => [findTelethonPython() ?? 'python3', 'telethon_driver.py'],
  tdlib: () => [process.execPath, 'tdlib-driver.mjs'],
};

let telethonPython: string | null | undefined;

/** The first Python that has Telethon, or undefined: the first interpreter in the path may not be the system's. */
export function findTelethonPython(): string | undefined {
  telethonPython ??= ['/usr/bin/python3', 'python3'].find((python) => spawnSync(python, ['-c', 'import telethon'], { stdio: 'ignore' }).status === 0) ?? null;
  return telethonPython ?? undefined;
}
