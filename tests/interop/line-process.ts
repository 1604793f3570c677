import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { DriverError } from './driver-client.ts';

const CALL_WAIT_MS = 60_000;

/** Who gets the events of one client in the process. */
export interface EventTaker<Event> {
  take(event: Event): void;
}

/** A process that runs a library, with any number of clients: one request a line in, one answer or event a line out. */
export class LineProcess<Event> implements AsyncDisposable {
  readonly library: string;
  private readonly child: ChildProcess;
  private readonly takers = new Map<string, EventTaker<Event>>();
  private readonly pending = new Map<number, { call: string; resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  private readonly ended: Promise<void>;
  private nextId = 1;
  private errors = '';

  /** @param script in `tests/interop/drivers`, run by `command` */
  constructor(library: string, [command, script, ...args]: readonly [command: string, script: string, ...args: string[]]) {
    this.library = library;
    this.child = spawn(command, [join(findRepositoryRoot(), 'tests/interop/drivers', script), ...args], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
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

  /** Hands the events of a client to somebody from now on. */
  listen(client: string, taker: EventTaker<Event>): void {
    this.takers.set(client, taker);
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
      id?: number; client?: string; event?: Event; result?: unknown; error?: { code: number; text: string };
    };
    if (event && client !== undefined) {
      this.takers.get(client)?.take(event);
      return;
    }
    const waiting = id === undefined ? undefined : this.pending.get(id);
    if (!waiting || id === undefined) return;
    this.pending.delete(id);
    if (error) waiting.reject(new DriverError(waiting.call, error.code, error.text));
    else waiting.resolve(result);
  }
}
