import { hostname } from 'node:os';
import { type Clock, ClockWatch, type Config, defineGauge, type Lifecycle, type Logger, type Metrics, systemClock } from '@aerogram/runtime';
import { checkDatabaseIdentity, type Database, rememberDatabase, ServingLease, sql } from '@aerogram/storage';
import { nodeName } from './node-name.ts';

interface TakeDeps {
  config: Pick<Config, 'dataDir' | 'databaseUrl'>;
  db: Database;
  /** Where the database is. */
  url: string;
  /** The clock that is judged: the computer's. A clock that a test makes up is not compared with the database's. */
  watched?: Clock;
  log: Logger;
  metrics: Metrics;
  /** Told what is being done. */
  say(progress: string): void;
}

/** The right to serve from a database, and what is known of it by holding it. */
export interface TakenDatabase {
  lease: ServingLease;
  watch: ClockWatch;
}

const answering = defineGauge({
  name: 'aerogram_database_answering',
  help: '1 while the database answers, asked every two seconds.',
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
 * Makes a database ready to be served from, and takes the right to do so: checks that it is the one that belongs to the data
 * directory, that no other server serves from it, and brings its schema up to date, in this order.
 * @throws OperatorError when it is another database or another server serves from it; DatabaseUnusable
 */
export async function takeDatabase(lifecycle: Lifecycle, deps: TakeDeps): Promise<TakenDatabase> {
  const { config, db, url, watched = systemClock, log, metrics, say } = deps;
  await checkDatabaseIdentity(db, config.dataDir, config.databaseUrl);
  const watch = new ClockWatch(watched);
  const take = (): Promise<ServingLease> =>
    // Of this moment, whatever clock a test gives to the rest: another server measures the lease by the database's.
    ServingLease.take({ url, holder: nodeName(config.dataDir), host: hostname(), clock: systemClock, watch, log, say });
  // The running server's schema stays as it is when this one may not serve. An older schema knows of no lease.
  const { rows } = await sql<{ knows: boolean }>`SELECT to_regclass('serving_node') IS NOT NULL AS knows`.execute(db.q);
  let lease = rows[0]!.knows ? await take() : undefined;
  try {
    say('bringing the schema up to date');
    await db.migrate();
    lease ??= await take();
    await rememberDatabase(db, config.dataDir, config.databaseUrl);
  } catch (error) {
    await lease?.[Symbol.asyncDispose]();
    throw error;
  }
  lifecycle.own('right to serve', lease);
  showState({ lease, watch }, { log, metrics });
  await lifecycle.start();
  return { lease, watch };
}

/** Keeps the metrics up to date, and the log when the clock is doubted. */
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
