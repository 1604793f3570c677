import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLastBackup } from '@aerogram/node';
import pg from 'pg';
import { BOUNDS, ratioTo } from '../bounds.ts';
import type { Outcome } from '../load/outcome.ts';
import type { BenchOptions } from '../measure.ts';
import { quantiles, type Row } from '../row.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

const SENDERS = 64;
const PER_SECOND = 500;
/** How long one stretch of sends is, in milliseconds: it counts only if a backup was made all the time, or not at all. */
const STRETCH_MS = 2000;
/** A backup that takes longer is none that clients do not notice. */
const MOST_STRETCHES = 150;

/** What was sent while backups were made, or while none was. */
interface Stretches {
  operations: number;
  elapsedMs: number;
  deliveredMs: number[];
}

/** 500 sends a second while the server makes a backup by itself, and before it. */
export async function benchBackup({ seconds, profileDir }: BenchOptions): Promise<Row[]> {
  const shelf = mkdtempSync(join(tmpdir(), 'aerogram-bench-shelf-'));
  const isMade = (): boolean => readdirSync(shelf).some((name) => name.endsWith('.unfinished'));
  try {
    return await withServer({ profileDir, env: { AEROGRAM_BACKUP_DIR: shelf, AEROGRAM_BACKUP_EVERY: '1m', AEROGRAM_BACKUP_KEEP: '1' } }, async (bench) => {
      await hastenCheckpoints(bench);
      await bench.generator.run({ do: 'sign-up', server: bench.server.info, accounts: SENDERS * 2 });
      const kinds = { during: { operations: 0, elapsedMs: 0, deliveredMs: [] }, without: { operations: 0, elapsedMs: 0, deliveredMs: [] } } satisfies Record<string, Stretches>;
      const isEnough = ({ elapsedMs }: Stretches): boolean => elapsedMs >= seconds * 1000;
      for (let n = 0; n < MOST_STRETCHES && !(isEnough(kinds.during) && isEnough(kinds.without)); n++) {
        const before = isMade();
        const outcome = await bench.generator.run({ do: 'send', ms: STRETCH_MS, senders: SENDERS, pace: { perSecond: PER_SECOND } });
        // The first one warms up.
        if (n > 0 && before === isMade()) add(before ? kinds.during : kinds.without, outcome);
      }
      const { good } = readLastBackup(bench.server.dataDir);
      const [without, during] = [describe('64 → 64 at 500/s, no backup', kinds.without), describe('  while a backup is made', kinds.during)];
      during.ratios = [ratioTo(BOUNDS.backupP99, during.p99Ms ?? 0, without.p99Ms ?? 0)];
      during.figures = { 'MiB of the last backup': (good?.bytes ?? 0) / 2 ** 20, 's that it took': good?.seconds ?? 0 };
      return [without, during];
    });
  } finally {
    rmSync(shelf, { recursive: true, force: true });
  }
}

function add(kind: Stretches, { operations, elapsedMs, deliveredMs = [] }: Outcome): void {
  kind.operations += operations;
  kind.elapsedMs += elapsedMs;
  kind.deliveredMs.push(...deliveredMs);
}

const describe = (name: string, { operations, elapsedMs, deliveredMs }: Stretches): Row => ({ name: `${name}: send → delivered`, unit: 'sends', rate: (operations * 1000) / elapsedMs, ...quantiles(deliveredMs) });

/** The checkpoint before a backup is spread over nine minutes. A bench has twelve seconds for it, in which the same is written. */
async function hastenCheckpoints({ server }: ServerBench): Promise<void> {
  const directory = readdirSync(server.dataDir).find((name) => /^postgres-\d+$/.test(name))!;
  const host = readFileSync(join(server.dataDir, directory, 'postmaster.pid'), 'utf8').split('\n')[4]!;
  const client = new pg.Client({ host, user: 'aerogram', database: 'postgres' });
  await client.connect();
  await client.query('ALTER SYSTEM SET checkpoint_completion_target = 0.02');
  await client.query('SELECT pg_reload_conf()');
  await client.query('CHECKPOINT');
  await client.end();
}
