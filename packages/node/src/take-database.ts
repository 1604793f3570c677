import { hostname } from 'node:os';
import { type Clock, ClockWatch, type Config, defineGauge, type Lifecycle, type Logger, type Metrics, systemClock } from '@aerogram/runtime';
import { checkDatabaseIdentity, type Database, Membership, rememberDatabase, sql, takeFormerLease } from '@aerogram/storage';
import { nodeName } from './node-name.ts';

interface TakeDeps {
  config: Pick<Config, 'dataDir' | 'databaseUrl'>;
  db: Database;
  /** URL of the database. */
  url: string;
  /** Whether the server is a node of a cluster. */
  joins?: boolean;
  /** The clock that is judged: the machine's. A test's clock is not compared with the database's. */
  watched?: Clock;
  log: Logger;
  metrics: Metrics;
  /** Called with the current step of the startup. */
  say(progress: string): void;
}

/** The serving lease of a database, and the clock watch that depends on it. */
export interface TakenDatabase {
  lease: Membership;
  watch: ClockWatch;
}

const answering = defineGauge({
  name: 'aerogram_database_answering',
  help: '1 while the database answers, asked every two seconds, by a node every half second.',
});
const clockOffset = defineGauge({
  name: 'aerogram_clock_offset_seconds',
  help: "How far the server's clock is ahead of the database's.",
});
const clockDoubted = defineGauge({
  name: 'aerogram_clock_doubted',
  help: '1 while the clock is not believed: for messages that are due (need steady), or for removing what has long been unused (need proven).',
  labels: ['need'],
});

/**
 * Prepares a database for serving and takes the serving lease. In this order: checks that it is the database of the data directory, checks
 * that no other server serves from it, and migrates its schema.
 * @throws OperatorError when it is another database or another server serves from it; DatabaseUnusable
 */
export async function takeDatabase(lifecycle: Lifecycle, deps: TakeDeps): Promise<TakenDatabase> {
  const { config, db, url, joins = false, watched = systemClock, log, metrics, say } = deps;
  await checkDatabaseIdentity(db, config.dataDir, config.databaseUrl);
  const watch = new ClockWatch(watched);
  // Real time, whatever clock a test uses for the rest: another server compares the lease with the database's clock.
  const taker = { url, holder: nodeName(config.dataDir), host: hostname(), joins, clock: systemClock, watch, log, say };
  // If another server is running, its schema must not be changed. A schema that is too old has no table of leases.
  const { rows } = await sql<{ nodes: boolean; former: boolean }>`
    SELECT to_regclass('nodes') IS NOT NULL AS nodes, to_regclass('serving_node') IS NOT NULL AS former`.execute(db.q);
  if (rows[0]!.former) await takeFormerLease(db, taker);
  let lease = rows[0]!.nodes ? await Membership.take(taker) : undefined;
  try {
    say('bringing the schema up to date');
    await db.migrate();
    lease ??= await Membership.take(taker);
    await rememberDatabase(db, config.dataDir, config.databaseUrl);
  } catch (error) {
    await lease?.[Symbol.asyncDispose]();
    throw error;
  }
  lifecycle.own('right to serve', lease);
  lifecycle.own('primary of the database', lease.onPrimary(() => db.leaveFormerPrimary()));
  showState({ lease, watch }, { log, metrics });
  await lifecycle.start();
  return { lease, watch };
}

/** Updates the metrics, and logs when the clock becomes unreliable. */
function showState({ lease, watch }: TakenDatabase, { log, metrics }: Pick<TakeDeps, 'log' | 'metrics'>): void {
  const [answers, offset, doubted] = [metrics.gauge(answering), metrics.gauge(clockOffset), metrics.gauge(clockDoubted)];
  let said: string | undefined;
  const show = (): void => {
    answers.set(lease.isAnswering ? 1 : 0);
    offset.set(watch.offsetMs / 1000);
    for (const need of ['steady', 'proven'] as const) doubted.set({ need }, watch.doubt(need) === undefined ? 0 : 1);
    const reason = watch.doubt('proven');
    if ((reason === undefined) !== (said === undefined)) {
      if (reason === undefined) log.info('the clock is believed again');
      else log.error({ reason }, 'the clock is not believed: nothing that depends on the date is sent or removed');
    }
    said = reason;
  };
  lease.listen(show);
  show();
}
