import { createCipheriv, hash, randomBytes } from 'node:crypto';
import { type FloorServer, startFloorServer } from './floor.ts';
import { GeneratorProcess } from './load/generator-process.ts';
import type { Transfer } from './load/part-client.ts';
import { measure } from './measure.ts';
import { cpuUsOf, type Row } from './row.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const CLIENTS = 16;

/** Transfers that are measured with files and without. */
export const FILE_TRANSFERS = {
  download: { direction: 'out', connections: 4, window: 8, bytes: 512 * KIB },
  upload: { direction: 'in', connections: 4, window: 8, bytes: 512 * KIB },
  small: { direction: 'out', connections: CLIENTS, window: 1, bytes: 32 * KIB },
} as const satisfies Record<string, Transfer>;

/** The kinds of transfers that are measured. */
export type FileTransfer = keyof typeof FILE_TRANSFERS;

/** A server of parts without files and its generator. They do nothing between measurements, so other servers can be measured in turns with it. */
export class FileFloorBench implements AsyncDisposable {
  readonly #server: FloorServer;
  readonly #generator: GeneratorProcess;
  readonly #warm = new Set<FileTransfer>();

  private constructor(server: FloorServer) {
    this.#server = server;
    this.#generator = new GeneratorProcess();
  }

  static async start(): Promise<FileFloorBench> {
    return new FileFloorBench(await startFloorServer(CLIENTS));
  }

  /** Measures one kind of transfer. */
  async measure(kind: FileTransfer, seconds: number): Promise<Row> {
    const transfer = FILE_TRANSFERS[kind];
    const command = { do: 'transfer-floor', port: this.#server.port, transfer } as const;
    // Threads start with the first packets.
    if (!this.#warm.has(kind)) await this.#generator.run({ ...command, transfer: { ...transfer, ms: 500 } });
    this.#warm.add(kind);
    const bench = { generator: this.#generator, pids: { server: this.#server.pid, postgres: undefined, generator: this.#generator.pid } };
    return (await measure(bench, describeFloor(kind), 'MiB', { ...command, transfer: { ...transfer, ms: seconds * 1000 } })).row;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#generator[Symbol.asyncDispose]();
    this.#server[Symbol.dispose]();
  }
}

/** A kind of transfer in words. */
export function describeTransfer(kind: FileTransfer): string {
  const { connections, window, bytes, direction } = FILE_TRANSFERS[kind];
  return `${connections} connections, ${window} on the way each: parts of ${bytes / KIB} KiB ${direction}`;
}

/** Name of the row that measures a kind of transfer without files. */
export const describeFloor = (kind: FileTransfer): string => `${describeTransfer(kind)}, no files`;

/** Measures the floor of transfers of files, in three times as many seconds. @param seconds duration of each row */
export async function measureFileFloor(seconds: number): Promise<Row[]> {
  await using floor = await FileFloorBench.start();
  const rows: Row[] = [];
  for (const kind of ['download', 'upload', 'small'] as const) rows.push(await floor.measure(kind, seconds));
  return [...rows, { name: 'a MiB hashed by SHA-256 and encrypted by AES-256-CTR', cpuUs: { server: measureBare() } }];
}

/** CPU µs of SHA-256 and AES-256-CTR over a MiB: what storing needs besides the wire. */
export function measureBare(): number {
  const data = randomBytes(MIB);
  const cipher = createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16));
  return cpuUsOf(() => {
    hash('sha256', data, 'buffer');
    cipher.update(data);
  });
}
