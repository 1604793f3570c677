import { BOUNDS, ratioTo } from '../bounds.ts';
import { FILE_TRANSFERS } from '../file-floor.ts';
import { GeneratorProcess } from '../load/generator-process.ts';
import type { Transfer } from '../load/part-client.ts';
import { measure } from '../measure.ts';
import { quantiles, type Row } from '../row.ts';
import type { ServerBench } from '../server-bench.ts';

/** Pairs who write to each other, and how fast all of them together. */
const PAIRS = 16;
const WRITING = { perSecond: 200 };
/** Accounts that transfer files meanwhile, half of them in each direction. */
const CARRIERS = 4;
/** Where numbers of accounts begin whose files another generator has. */
const CARRIERS_FROM = 100;
const HEAVY_FROM = 200;
const FILE_MIB = 8;
/** Connections of the account that takes all it can get. */
const HEAVY_CONNECTIONS = 8;
/** Time before and after a measurement in which the load beside it goes on, in milliseconds. */
const MARGIN_MS = 500;

/** What transfers of the floor reach, in MiB per second. */
export interface FileRates {
  download: number;
  upload: number;
}

/** Runs `run` while generators work. */
export async function beside<T>(work: (() => Promise<unknown>)[], run: () => Promise<T>): Promise<T> {
  const working = work.map((one) => one());
  // Their errors are reported when they are awaited.
  for (const one of working) one.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, MARGIN_MS));
  const result = await run();
  await Promise.all(working);
  return result;
}

/** Messages of others: without transfers, while transfers run at half the rate of the floor, and while they run as fast as they can. */
export class MessagesBesideFiles implements AsyncDisposable {
  readonly #bench: ServerBench;
  readonly #carrier = new GeneratorProcess();

  constructor(bench: ServerBench) {
    this.#bench = bench;
  }

  async prepare(): Promise<void> {
    const { generator, server } = this.#bench;
    await generator.run({ do: 'sign-up', server: server.info, accounts: 2 * PAIRS });
    await this.#carrier.run({ do: 'prepare-files', server: server.info, from: CARRIERS_FROM, accounts: CARRIERS, mib: FILE_MIB });
    await this.#write('', 500);
  }

  async measure(ms: number, floor: FileRates): Promise<Row[]> {
    const words = `${PAIRS} → ${PAIRS} others, ${WRITING.perSecond}/s: send → delivered`;
    const quiet = await this.#write(words, ms);
    const half = await beside(this.#carry(ms, { download: floor.download / 4, upload: floor.upload / 4 }), () => this.#write(`  the same while files go in and out at 50 % of the floor`, ms));
    const full = await beside(this.#carry(ms), () => this.#write('  the same while files go in and out as fast as they can', ms));
    half.ratios = [ratioTo(BOUNDS.messagesBesideFiles, half.p99Ms!, quiet.p99Ms!)];
    return [quiet, half, { ...full, figures: { 'times the p99 without files': full.p99Ms! / quiet.p99Ms! } }];
  }

  /** @param rates half of the connections carry files at each of these rates; as fast as they can when absent */
  #carry(ms: number, rates?: FileRates): (() => Promise<unknown>)[] {
    const halves = [{ ...FILE_TRANSFERS.download, mibPerSecond: rates?.download }, { ...FILE_TRANSFERS.upload, mibPerSecond: rates?.upload }];
    const transfers = halves.map(({ mibPerSecond, ...half }): Transfer => ({ ...half, connections: CARRIERS / 2, ms: ms + 2 * MARGIN_MS, ...(mibPerSecond === undefined ? {} : { mibPerSecond }) }));
    return [() => this.#carrier.run({ do: 'transfer-files', server: this.#bench.server.info, transfers })];
  }

  async #write(name: string, ms: number): Promise<Row> {
    const { row, outcome } = await measure(this.#bench, name, 'sends', { do: 'send', ms, senders: PAIRS, pace: WRITING });
    // The CPU of the server is mostly that of the transfers.
    return { name, unit: 'deliveries', rate: row.rate!, ...quantiles(outcome.deliveredMs ?? []), note: row.note };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#carrier[Symbol.asyncDispose]();
  }
}

/** Transfers of one account: alone, and while another account transfers as much as it can over many connections. */
export class FilesBesideFiles implements AsyncDisposable {
  readonly #bench: ServerBench;
  readonly #heavy = new GeneratorProcess();

  /** @param bench its generator has prepared files */
  constructor(bench: ServerBench) {
    this.#bench = bench;
  }

  async prepare(): Promise<void> {
    await this.#heavy.run({ do: 'prepare-files', server: this.#bench.server.info, from: HEAVY_FROM, accounts: 1, mib: FILE_MIB });
  }

  async measure(ms: number): Promise<Row[]> {
    const rows: Row[] = [];
    for (const kind of ['download', 'upload'] as const) {
      const server = this.#bench.server.info;
      const transfer = FILE_TRANSFERS[kind];
      const own = { do: 'transfer-files', server, transfers: [{ ...transfer, ms }], accounts: 1 } as const;
      const name = `one account, parts ${transfer.direction}`;
      const { row: alone } = await measure(this.#bench, `${name}, alone`, 'MiB', own);
      const heavy = { ...transfer, connections: HEAVY_CONNECTIONS, ms: ms + 2 * MARGIN_MS };
      const { row: crowded } = await beside(
        [() => this.#heavy.run({ do: 'transfer-files', server, transfers: [heavy] })],
        () => measure(this.#bench, `  the same beside one with ${HEAVY_CONNECTIONS} connections`, 'MiB', own),
      );
      // The server's CPU is that of both.
      const { cpuUs: _both, ...rest } = crowded;
      rows.push(alone, { ...rest, name: `  ${name}, beside one with ${HEAVY_CONNECTIONS} connections`, ratios: [ratioTo(BOUNDS.fairShare, crowded.rate!, alone.rate!)] });
    }
    return rows;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#heavy[Symbol.asyncDispose]();
  }
}
