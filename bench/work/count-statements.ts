import { createServer, connect, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { addTo } from './add-to.ts';

/** The statements that a server's connection pool sent to PostgreSQL. */
export interface StatementCounts {
  /** How often each statement was executed, by name. A statement that is built at run time has no name of its own: it is called by its verb and first table, such as `select dialogs`. */
  statements: Map<string, number>;
  /** How often an answer was awaited: one `Sync`, or one simple query. */
  trips: number;
  /** Rows read or written, as PostgreSQL's command tags say. */
  rows: number;
}

/** The file of a PostgreSQL socket in its directory. */
const SOCKET_FILE = '.s.PGSQL.5432';
/** The `application_name` of the pool's connections. Others are not counted, such as the one that renews the node's lease every few seconds. */
const COUNTED = 'aerogram';

/** Statements that are not counted, because how often they run depends on real time: one runs on a timer, the other each time a job has ended. */
const ASKED_BY_TIME = new Set(['select maintenance', 'find_takeable_jobs']);

const newCounts = (): StatementCounts => ({ statements: new Map(), trips: 0, rows: 0 });

/** A proxy between a server and its PostgreSQL that counts the server's statements. It passes all bytes on unchanged. */
export class StatementCounter implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #counts = newCounts();
  #inFlight = 0;
  /** When bytes last passed in either direction, by `performance.now()`. */
  lastAtMs = 0;

  private constructor(targetDir: string) {
    this.#server = createServer((client) => this.#serve(client, connect(join(targetDir, SOCKET_FILE))));
  }

  /** Listens in `socketDir` for connections, which lead to the database in `targetDir`. */
  static async listen(socketDir: string, targetDir: string): Promise<StatementCounter> {
    const counter = new StatementCounter(targetDir);
    await new Promise<void>((resolve) => counter.#server.listen(join(socketDir, SOCKET_FILE), resolve));
    return counter;
  }

  /** Whether the database has answered everything. */
  get isIdle(): boolean {
    return this.#inFlight === 0;
  }

  /** Returns what was counted since the last call, and begins again. */
  take(): StatementCounts {
    const counts = this.#counts;
    this.#counts = newCounts();
    return counts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(client: Socket, database: Socket): void {
    let isCounted = false;
    const names = new Map<string, string>();
    let bound = '';
    /** For each executed statement that has no answer yet: whether it is counted. */
    const waiting: boolean[] = [];
    let isAskedByTime = false;
    const asked = (): void => {
      this.#inFlight += 1;
      if (!isAskedByTime) this.#counts.trips += 1;
      isAskedByTime = false;
    };
    const execute = (name: string): void => {
      isAskedByTime = ASKED_BY_TIME.has(name);
      waiting.push(!isAskedByTime);
      if (!isAskedByTime) addTo(this.#counts.statements, name, 1);
    };
    const onAsked = (type: string, body: Buffer): void => {
      if (type === '') isCounted = readStartup(body).get('application_name') === COUNTED;
      if (!isCounted) return;
      if (type === 'P') {
        const name = cString(body, 0);
        names.set(name, name === '' ? nameOf(cString(body, 1)) : name);
      } else if (type === 'B') bound = cString(body, cString(body, 0).length + 1);
      else if (type === 'E') execute(names.get(bound) ?? bound);
      else if (type === 'S') asked();
      else if (type === 'Q') {
        execute(nameOf(cString(body, 0)));
        asked();
      }
    };
    const onAnswered = (type: string, body: Buffer): void => {
      if (!isCounted) return;
      if (type === 'C' && waiting.shift() === true) this.#counts.rows += Number(/ (\d+)$/.exec(cString(body, 0))?.[1] ?? 0);
      if (type !== 'Z') return;
      // PostgreSQL also sends this once after a connection was made. After an error it leaves out the answers to the rest of the batch.
      this.#inFlight = Math.max(0, this.#inFlight - 1);
      if (this.#inFlight === 0) waiting.length = 0;
    };
    this.#pass(client, database, new MessageReader(onAsked, true));
    this.#pass(database, client, new MessageReader(onAnswered, false));
  }

  #pass(from: Socket, to: Socket, reader: MessageReader): void {
    this.#sockets.add(from);
    from.on('data', (bytes: Buffer) => {
      this.lastAtMs = performance.now();
      reader.read(bytes);
      to.write(bytes);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}

/** Splits a stream of PostgreSQL's protocol into messages. The first one of a client has no type. */
class MessageReader {
  readonly #onMessage: (type: string, body: Buffer) => void;
  #hasType: boolean;
  #rest: Buffer = Buffer.alloc(0);

  constructor(onMessage: (type: string, body: Buffer) => void, isClient: boolean) {
    this.#onMessage = onMessage;
    this.#hasType = !isClient;
  }

  read(bytes: Buffer): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    for (;;) {
      const head = this.#hasType ? 1 : 0;
      if (all.length < at + head + 4) break;
      const length = all.readInt32BE(at + head);
      const end = at + head + length;
      if (all.length < end) break;
      this.#onMessage(this.#hasType ? String.fromCharCode(all[at]!) : '', all.subarray(at + head + 4, end));
      this.#hasType = true;
      at = end;
    }
    this.#rest = all.subarray(at);
  }
}

const cString = (bytes: Buffer, at: number): string => bytes.toString('utf8', at, bytes.indexOf(0, at));

/** The parameters with which a client begins: pairs of strings after the version of the protocol. */
function readStartup(body: Buffer): Map<string, string> {
  const parts = body.toString('utf8', 4).split('\0');
  return new Map(parts.flatMap((part, at): [string, string][] => (at % 2 === 0 && part !== '' ? [[part, parts[at + 1] ?? '']] : [])));
}

/** What a statement does, and its first table, such as `select dialogs`. */
export function nameOf(text: string): string {
  const verb = /^\s*(?:with\b.*?\)\s*)?(\w+)/is.exec(text)?.[1]?.toLowerCase() ?? '?';
  const before = verb === 'insert' ? 'into' : verb === 'update' ? 'update' : 'from';
  const table = new RegExp(`\\b${before}\\s+"?(\\w+)"?`, 'i').exec(text)?.[1];
  return table === undefined ? verb : `${verb} ${table}`;
}
