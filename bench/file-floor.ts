import { createCipheriv, hash, randomBytes } from 'node:crypto';
import { type FloorServer, startFloorServer } from './floor.ts';
import { GeneratorProcess } from './load/generator-process.ts';
import type { Transfer } from './load/file-load.ts';
import { type FileFloor, measure } from './measure.ts';
import { cpuUsOf, type Row } from './row.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const CLIENTS = 16;

const TRANSFERS = {
  download: { direction: 'out', connections: 4, window: 8, bytes: 512 * KIB },
  upload: { direction: 'in', connections: 4, window: 8, bytes: 512 * KIB },
  small: { direction: 'out', connections: CLIENTS, window: 1, bytes: 32 * KIB },
} as const satisfies Record<string, Omit<Transfer, 'ms'>>;

/** Measures the floor of transfers of files, in three times as many seconds. @param seconds duration of each row */
export async function measureFileFloor(seconds: number): Promise<FileFloor> {
  using server = await startFloorServer(CLIENTS);
  await using generator = new GeneratorProcess();
  const rows: Record<keyof typeof TRANSFERS, Row> = {
    download: await measureTransfer(server, generator, TRANSFERS.download, seconds),
    upload: await measureTransfer(server, generator, TRANSFERS.upload, seconds),
    small: await measureTransfer(server, generator, TRANSFERS.small, seconds),
  };
  const bareUs = measureBare();
  return {
    downloadRate: rows.download.rate!,
    downloadUs: rows.download.cpuUs!.server!,
    uploadUs: rows.upload.cpuUs!.server!,
    smallUs: rows.small.cpuUs!.server!,
    bareUs,
    rows: [...Object.values(rows), { name: 'a MiB hashed by SHA-256 and encrypted by AES-256-CTR', cpuUs: { server: bareUs } }],
  };
}

async function measureTransfer(server: FloorServer, generator: GeneratorProcess, transfer: Omit<Transfer, 'ms'>, seconds: number): Promise<Row> {
  const command = { do: 'transfer-floor', port: server.port, transfer } as const;
  // Threads start with the first packets.
  await generator.run({ ...command, transfer: { ...transfer, ms: 500 } });
  const { connections, window, bytes, direction } = transfer;
  const name = `${connections} connections, ${window} on the way each: parts of ${bytes / KIB} KiB ${direction}, no files`;
  const bench = { generator, pids: { server: server.pid, postgres: undefined, generator: generator.pid } };
  return (await measure(bench, name, 'MiB', { ...command, transfer: { ...transfer, ms: seconds * 1000 } })).row;
}

/** CPU µs of SHA-256 and AES-256-CTR over a MiB. */
function measureBare(): number {
  const data = randomBytes(MIB);
  const cipher = createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16));
  return cpuUsOf(() => {
    hash('sha256', data, 'buffer');
    cipher.update(data);
  });
}
