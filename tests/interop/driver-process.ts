import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import { findRepositoryRoot, type ServerInfo } from '@aerogram/dev-env/load';

/** A client library used in the tests. */
export type Library = 'mtcute' | 'gramjs' | 'telethon' | 'tdlib';

/** A message as described by a driver, independent of its library. */
export interface DriverMessage {
  id: number;
  peer: number;
  out: boolean;
  text: string;
  replyTo: number | null;
  forward: boolean;
  edited: boolean;
}

/** What a library shows about a user. */
export interface DriverProfile {
  phone: string | null;
  username: string | null;
  /** Name of the constructor. */
  status: string | null;
  about: string | null;
  blocked: boolean;
}

/** What a library shows about a group. */
export interface DriverGroup {
  title: string;
  /** Whether the own account is in the group; if not, `members` is empty. */
  isMember: boolean;
  /** User ids, in any order. */
  members: number[];
}

/**
 * A TL object as JSON, with the names of the schema; in answers, constructors have no namespace. Integers that do not fit a double are
 * strings, bytes are hexadecimal. In requests `{ $peer: id }` and `{ $user: id }` are what the library makes of an id, `{ $long: '1' }` is
 * a long, `{ $bytes: 'ff' }` are bytes.
 */
export type Plain = Record<string, unknown> & { _: string };

/** An event reported by a driver's library. */
export type DriverEvent =
  | ({ kind: 'message' | 'edit' } & DriverMessage)
  | { kind: 'delete'; ids: number[] }
  | { kind: 'readInbox' | 'readOutbox'; peer: number; maxId: number }
  | { kind: 'typing'; peer: number; action: string }
  | { kind: 'qr'; token: string }
  /** Any other event, in the form of the library. */
  | { kind: 'update'; update: Plain };

/** How a client connects to the server. */
export interface Connecting {
  server: ServerInfo;
  transport: string;
  pfs?: boolean;
  session?: unknown;
}

const EVENT_WAIT_MS = 20_000;
const CALL_WAIT_MS = 60_000;

/** An error of the server, as reported by the library. */
export class DriverError extends Error {
  readonly code: number;
  readonly text: string;
  constructor(call: string, code: number, text: string) {
    super(`${call}: ${code} ${text}`);
    this.code = code;
    this.text = text;
  }
}

/** One client inside a driver process. Its commands are the same for every library. */
export class DriverClient {
  readonly name: string;
  readonly library: Library;
  readonly events: DriverEvent[] = [];
  private readonly process: DriverProcess;
  private readonly waiters = new Set<() => void>();

  constructor(process: DriverProcess, library: Library, name: string) {
    this.process = process;
    this.library = library;
    this.name = name;
  }

  open(params: Connecting): Promise<void> {
    return this.call('open', { ...params });
  }
  login(params: { phone: string; code: string; firstName: string; password?: string }): Promise<{ id: number; firstName: string; signedUp: boolean }> {
    return this.call('login', params);
  }
  /** Reports a QR code as an event, and resolves when it was scanned and the password, if any, was right. */
  loginByQr(params: { password?: string }): Promise<{ id: number }> {
    return this.call('loginByQr', params);
  }
  acceptQr(params: { token: string }): Promise<void> {
    return this.call('acceptQr', params);
  }
  /** Sets, changes or (without `password`) removes the cloud password. */
  setPassword(params: { current?: string; password?: string; hint: string }): Promise<void> {
    return this.call('setPassword', params);
  }
  /** Number of devices on which the account is logged in. */
  devices(): Promise<number> {
    return this.call('devices', {});
  }
  me(): Promise<{ id: number; firstName: string }> {
    return this.call('me', {});
  }
  addContact(params: { phone: string; firstName: string }): Promise<{ id: number | null }> {
    return this.call('addContact', params);
  }
  /** What the library shows about a user. */
  profile(params: { peer: number }): Promise<DriverProfile> {
    return this.call('profile', params);
  }
  setProfile(params: { about: string; username: string }): Promise<void> {
    return this.call('setProfile', params);
  }
  block(params: { peer: number; blocked: boolean }): Promise<void> {
    return this.call('block', params);
  }
  /** Hides the own number and last seen time from one user and shows them to everybody else. */
  hideFrom(params: { peer: number }): Promise<void> {
    return this.call('hideFrom', params);
  }
  send(params: { peer: number; text: string; replyTo?: number }): Promise<{ id: number }> {
    return this.call('send', params);
  }
  /** Sends the same text twice with the same random_id. */
  sendTwice(params: { peer: number; text: string }): Promise<{ ids: [number, number] }> {
    return this.call('sendTwice', params);
  }
  edit(params: { peer: number; id: number; text: string }): Promise<void> {
    return this.call('edit', params);
  }
  delete(params: { peer: number; ids: number[] }): Promise<void> {
    return this.call('delete', params);
  }
  forward(params: { from: number; ids: number[]; to: number }): Promise<{ ids: number[] }> {
    return this.call('forward', params);
  }
  read(params: { peer: number; maxId: number }): Promise<void> {
    return this.call('read', params);
  }
  typing(params: { peer: number }): Promise<void> {
    return this.call('typing', params);
  }
  history(params: { peer: number; limit: number; offsetId?: number }): Promise<DriverMessage[]> {
    return this.call('history', params);
  }
  /** All texts of a chat, newest first, read through the library's own paging. */
  pages(params: { peer: number; page: number }): Promise<string[]> {
    return this.call('pages', params);
  }
  /** All texts found in a chat, or in all chats, newest first, through the library's own paging. */
  search(params: { peer: number | null; text: string }): Promise<string[]> {
    return this.call('search', params);
  }
  /** The bytes (base64) of a document from an answer, downloaded with the library's own code. */
  download(params: { document: Plain }): Promise<string> {
    return this.call('download', params);
  }
  dialogs(): Promise<{ peer: number; unread: number; top: number | null }[]> {
    return this.call('dialogs', {});
  }
  /** Makes a basic group and returns its id in the form of the libraries, which is negative. */
  createGroup(params: { users: number[]; title: string }): Promise<{ peer: number }> {
    return this.call('createGroup', params);
  }
  /** Creates a supergroup and returns its marked id. */
  createSupergroup(params: { title: string }): Promise<{ peer: number }> {
    return this.call('createSupergroup', params);
  }
  /** Adds people to a supergroup. */
  addMembers(params: { peer: number; users: number[] }): Promise<void> {
    return this.call('addMembers', params);
  }
  /** Adds a member, who gets the last 100 messages. */
  addMember(params: { peer: number; user: number }): Promise<void> {
    return this.call('addMember', params);
  }
  removeMember(params: { peer: number; user: number }): Promise<void> {
    return this.call('removeMember', params);
  }
  leaveGroup(params: { peer: number }): Promise<void> {
    return this.call('leaveGroup', params);
  }
  setTitle(params: { peer: number; title: string }): Promise<void> {
    return this.call('setTitle', params);
  }
  /** Pins a message for all, with a service message. */
  pin(params: { peer: number; id: number }): Promise<void> {
    return this.call('pin', params);
  }
  react(params: { peer: number; id: number; emoji: string }): Promise<void> {
    return this.call('react', params);
  }
  /** What the library shows about a group. */
  group(params: { peer: number }): Promise<DriverGroup> {
    return this.call('group', params);
  }
  /** Sends a text in the library's own markup. */
  sendMarkup(params: { peer: number; markup: 'html' | 'markdown'; text: string }): Promise<{ id: number }> {
    return this.call('sendMarkup', params);
  }
  /** Calls a method by its name in the schema, in the library's own layer. */
  invoke(method: string, args: Record<string, unknown> = {}): Promise<Plain> {
    return this.call('invoke', { method, args });
  }
  /** Whether the library's layer has a method. */
  knows(method: string): Promise<boolean> {
    return this.call('knows', { method });
  }
  /** Sends a request of TDLib's own interface; for TDLib only. */
  request<T = Plain>(query: Plain): Promise<T> {
    return this.call('request', { query });
  }
  /** Errors that TDLib has logged since the last call, for all its clients. */
  complaints(): Promise<string[]> {
    return this.call('complaints', {});
  }
  export(): Promise<unknown> {
    return this.call('export', {});
  }
  close(): Promise<void> {
    return this.call('close', {});
  }

  /** Waits for an event, including past ones. Throws after 20 s with the events that arrived. */
  async sees(what: string, fits: (event: DriverEvent) => boolean): Promise<DriverEvent> {
    const found = (): DriverEvent | undefined => this.events.find(fits);
    if (!found()) {
      await new Promise<void>((resolve, reject) => {
        const check = (): void => {
          if (!found()) return;
          clearTimeout(timer);
          this.waiters.delete(check);
          resolve();
        };
        const timer = setTimeout(() => {
          this.waiters.delete(check);
          reject(new Error(`${this.library} ${this.name} waited in vain for ${what}; saw ${JSON.stringify(this.events.slice(-12))}${this.process.complaints}`));
        }, EVENT_WAIT_MS);
        this.waiters.add(check);
      });
    }
    return found()!;
  }

  /** Waits for an update of a kind that also has these fields. */
  async seesUpdate(kind: string, fields: Record<string, unknown> = {}): Promise<Plain> {
    const fits = (event: DriverEvent): boolean => event.kind === 'update' && event.update._ === kind && Object.entries(fields).every(([key, value]) => isDeepStrictEqual(event.update[key] ?? false, value));
    const event = await this.sees(`${kind} ${JSON.stringify(fields)}`, fits);
    return (event as { update: Plain }).update;
  }

  /** Waits for an incoming or outgoing message with this text. */
  async seesMessage(text: string): Promise<DriverMessage> {
    return (await this.sees(`"${text}"`, (event) => event.kind === 'message' && event.text === text)) as unknown as DriverMessage;
  }

  /** Called by the process when its library reports something. */
  take(event: DriverEvent): void {
    this.events.push(event);
    for (const check of this.waiters) check();
  }

  private async call<T>(method: string, params: Record<string, unknown>): Promise<T> {
    return (await this.process.request(this.name, method, params)) as T;
  }
}

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
