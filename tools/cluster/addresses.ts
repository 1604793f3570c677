import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** Below the ports that the system gives to outgoing connections, so that they are still free at the next start. */
const FIRST_PORT = 20_000;

const LAST_PORT = 32_000;

interface Kept {
  ports: Record<string, number>;
  passwords: Record<string, string>;
}

/** Ports and passwords of a cluster on loopback, the same at each start from its directory. */
export class Addresses {
  readonly #file: string;
  readonly #kept: Kept;

  /** Reads what the directory holds. */
  constructor(dataDir: string) {
    this.#file = join(dataDir, 'cluster.json');
    this.#kept = existsSync(this.#file) ? (JSON.parse(readFileSync(this.#file, 'utf8')) as Kept) : { ports: {}, passwords: {} };
  }

  /** Gives each name that has no port a free one, and keeps them. */
  async reserve(names: readonly string[]): Promise<void> {
    let port = randomInt(FIRST_PORT, LAST_PORT - names.length * 10);
    for (const name of names) {
      if (this.#kept.ports[name] !== undefined) continue;
      while (this.#isGiven(++port) || !(await isFree(port)));
      this.#kept.ports[name] = port;
    }
    this.#write();
  }

  /** @throws Error for a name that was not reserved */
  portOf(name: string): number {
    const port = this.#kept.ports[name];
    if (port === undefined) throw new Error(`${name} has no port`);
    return port;
  }

  /** Address and port on loopback. */
  of(name: string): string {
    return `127.0.0.1:${this.portOf(name)}`;
  }

  /** A password that is made up at the first start. */
  passwordOf(name: string): string {
    let password = this.#kept.passwords[name];
    if (password === undefined) {
      password = this.#kept.passwords[name] = randomBytes(16).toString('hex');
      this.#write();
    }
    return password;
  }

  #isGiven(port: number): boolean {
    return Object.values(this.#kept.ports).includes(port);
  }

  #write(): void {
    writeFileSync(this.#file, `${JSON.stringify(this.#kept, null, 2)}\n`, { mode: 0o600 });
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    return true;
  } catch {
    return false;
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
