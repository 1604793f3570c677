import { mkdtempSync, rmSync } from 'node:fs';
import { type Server, type Socket, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * What the proxy does with a COMMIT:
 * `pass`: nothing; `lose-request`: breaks the connection before the database gets it; `lose-answer`: breaks it after the database has
 * committed; `late`: breaks the client's connection at once, and passes the COMMIT to the database when `release` is called.
 */
export type CommitFate = 'pass' | 'lose-request' | 'lose-answer' | 'late';

/** A proxy in front of the database that breaks connections at COMMIT. */
export interface CommitProxy extends AsyncDisposable {
  readonly url: string;
  /** Number of COMMITs seen. */
  readonly commits: number;
  /** Decides about each COMMIT. */
  fate: () => CommitFate;
  /** Passes on the late COMMITs. */
  release(): void;
  /** Resolves when a COMMIT is being held back. */
  held(): Promise<void>;
}

/** A Bind message of the prepared statement `commit`, which has no parameters or columns. */
const COMMIT = Buffer.from('\0commit\0\0\0\0\0\0\0', 'latin1');

/** Starts a proxy for the database at `url`; it listens on a Unix socket. */
export async function startCommitProxy(url: string): Promise<CommitProxy> {
  const target = new URL(url);
  const targetPath = path.join(target.searchParams.get('host')!, '.s.PGSQL.5432');
  const dir = mkdtempSync(path.join(tmpdir(), 'aerogram-proxy-'));
  const sockets = new Set<Socket>();
  let late: (() => void)[] = [];
  let heldWaiters: (() => void)[] = [];

  const server: Server = createServer((client) => {
    const database = connect(targetPath);
    let breaksOnAnswer = false;
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (data) => {
      // It arrives in one write together with the statements before it.
      if (!data.includes(COMMIT)) return database.write(data);
      proxy.commits += 1;
      switch (proxy.fate()) {
        case 'pass':
          return database.write(data);
        case 'lose-request':
          client.destroy();
          return database.destroy();
        case 'lose-answer':
          breaksOnAnswer = true;
          return database.write(data);
        case 'late':
          late.push(() => database.write(data));
          for (const wake of heldWaiters.splice(0)) wake();
          return client.destroy();
      }
    });
    database.on('data', (data) => {
      if (breaksOnAnswer) client.destroy();
      else client.write(data);
    });
    client.on('close', () => {
      if (late.length === 0) database.end();
    });
    database.on('close', () => client.destroy());
  });

  const proxyUrl = new URL(url);
  proxyUrl.searchParams.set('host', dir);
  const proxy = {
    url: proxyUrl.href,
    commits: 0,
    fate: (): CommitFate => 'pass',
    release() {
      for (const go of late.splice(0)) go();
    },
    held: () => (late.length > 0 ? Promise.resolve() : new Promise<void>((resolve) => heldWaiters.push(resolve))),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dir, { recursive: true, force: true });
      late = [];
      heldWaiters = [];
    },
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path.join(dir, '.s.PGSQL.5432'), resolve);
  });
  return proxy;
}
