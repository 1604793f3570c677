import { formatBytes } from '@aerogram/web/parts/bytes';
import type { FunctionComponent } from 'preact';
import { useRef } from 'preact/hooks';
import { command, post } from './api.ts';
import { dateOf, Shown, useLoaded } from './parts.tsx';

interface Live {
  at_ms: number;
  processes: number;
  connections: number;
  sessions: number;
  messages: number;
  calls: number;
  call_seconds: number;
  pushes: number;
  deliveries: number;
  delivery_seconds: number;
  jobs: number;
  memory_bytes: number;
  disk_free_bytes: number | null;
  backup_age_seconds: number | null;
}

interface State {
  disk: { free_bytes: number; bytes: number } | null;
  database: { version: string; schema: number; bytes: number };
  counts: { accounts: number; devices: number; jobs: number; dead_jobs: number };
  reports: { open: number; full: boolean };
  archive: { directory: string; last_date: string | null; failing: boolean } | null;
  failures: { kind: string; count: number; last_date: string; error: string }[];
  /** Null if the database is backed up otherwise. */
  backups: { scheduled: { every_ms: number; kept: number } | null; last: { finished_at: string; bytes: number; scheduled: boolean } | null; failure: { at: string; reason: string } | null } | null;
}

/** How often the live numbers are read, in milliseconds. */
const LIVE_MS = 5000;
/** How often the others are read, which are counted in the database. */
const STATE_MS = 60_000;
/** Points of a chart. */
const POINTS = 60;
const [WIDTH, HEIGHT] = [240, 48];

/** A line of the last minutes, with its newest value. Its area is read to nobody: the value is. */
const Chart: FunctionComponent<{ label: string; values: readonly number[]; format?(value: number): string }> = ({ label, values, format = (value) => value.toFixed(value < 10 ? 1 : 0) }) => {
  const top = Math.max(1e-9, ...values);
  const points = values.map((value, at) => `${((POINTS - values.length + at) / (POINTS - 1)) * WIDTH},${HEIGHT - 2 - (value / top) * (HEIGHT - 4)}`);
  return (
    <figure class="chart">
      <figcaption>
        {label} <strong>{values.length === 0 ? '…' : format(values.at(-1)!)}</strong>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <polyline points={points.join(' ')} />
      </svg>
    </figure>
  );
};

/** When the last backup was made, and what is wrong with them. */
const Backups: FunctionComponent<Pick<State, 'backups'>> = ({ backups }) => {
  if (backups === null) return <>not by this server</>;
  const { scheduled, last, failure } = backups;
  return (
    <>
      {failure !== null && (
        <>
          FAILED {dateOf(failure.at)}: <bdi>{failure.reason}</bdi>;{' '}
        </>
      )}
      {last === null ? 'none yet' : `last ${dateOf(last.finished_at)}, ${formatBytes(last.bytes)}`}
      {scheduled === null ? ', none scheduled' : `, every ${(scheduled.every_ms / 3_600_000).toLocaleString()} h, ${scheduled.kept} kept`}
    </>
  );
};

/** Live charts, and the state of the server. */
export const Numbers: FunctionComponent = () => {
  const history = useRef<Live[]>([]);
  const live = useLoaded(async () => {
    const next = await post<Live>('numbers');
    // A process that was started again counts from 0, and what one that did not answer has counted is missing.
    const past = history.current.at(-1);
    if (past !== undefined && (next.calls < past.calls || next.at_ms <= past.at_ms || next.processes !== past.processes)) history.current = [];
    history.current = [...history.current, next].slice(-POINTS - 1);
    return history.current;
  }, LIVE_MS);
  const state = useLoaded((isFirst) => command<State>('status', {}, !isFirst), STATE_MS);
  const pairs = (live.value ?? []).slice(1).map((now, at) => ({ now, past: live.value![at]! }));
  const rate = (name: 'messages' | 'calls' | 'pushes' | 'jobs'): number[] => pairs.map(({ now, past }) => ((now[name] - past[name]) * 1000) / (now.at_ms - past.at_ms));
  const mean = (sum: 'call_seconds' | 'delivery_seconds', count: 'calls' | 'deliveries'): number[] =>
    pairs.map(({ now, past }) => (now[count] === past[count] ? 0 : ((now[sum] - past[sum]) * 1000) / (now[count] - past[count])));
  const all = live.value ?? [];
  const known = (name: 'disk_free_bytes' | 'backup_age_seconds'): number[] => all.flatMap(({ [name]: value }) => value ?? []);
  const milliseconds = (ms: number): string => `${ms.toFixed(1)} ms`;
  return (
    <>
      <Shown loaded={live}>
        {() => (
          <div class="charts">
            <Chart label="Messages per second" values={rate('messages')} />
            <Chart label="Connections" values={all.map(({ connections }) => connections)} format={String} />
            <Chart label="Calls per second" values={rate('calls')} />
            <Chart label="Time of a call" values={mean('call_seconds', 'calls')} format={milliseconds} />
            <Chart label="Delivery time" values={mean('delivery_seconds', 'deliveries')} format={milliseconds} />
            <Chart label="Updates per second" values={rate('pushes')} />
            <Chart label="Jobs per second" values={rate('jobs')} />
            <Chart label="Memory" values={all.map(({ memory_bytes: bytes }) => bytes)} format={formatBytes} />
            {known('disk_free_bytes').length > 0 && <Chart label="Free disk" values={known('disk_free_bytes')} format={formatBytes} />}
            {known('backup_age_seconds').length > 0 && <Chart label="Age of the last backup" values={known('backup_age_seconds')} format={(seconds) => `${(seconds / 3600).toFixed(1)} h`} />}
          </div>
        )}
      </Shown>
      <Shown loaded={state}>
        {({ disk, database, counts, reports, archive, failures, backups }) => (
          <dl class="facts">
            <dt>Accounts</dt>
            <dd>
              {counts.accounts} on {counts.devices} devices
            </dd>
            <dt>Disk</dt>
            <dd>{disk === null ? '–' : `${formatBytes(disk.free_bytes)} of ${formatBytes(disk.bytes)} free`}</dd>
            <dt>Database</dt>
            <dd>
              PostgreSQL {database.version}, schema {database.schema}, {formatBytes(database.bytes)}
            </dd>
            <dt>Jobs</dt>
            <dd>
              {counts.jobs} wait, {counts.dead_jobs} dead
            </dd>
            <dt>Reports</dt>
            <dd>
              {reports.open} open{reports.full ? '; the queue is full' : ''}
            </dd>
            <dt>Archive</dt>
            <dd>{archive === null ? 'none' : `${archive.failing ? 'FAILING, ' : ''}last ${dateOf(archive.last_date)}`}</dd>
            <dt>Backups</dt>
            <dd>
              <Backups backups={backups} />
            </dd>
            {failures.map(({ kind, count, error }) => (
              <>
                <dt>Dead: {kind}</dt>
                <dd>
                  {count} × <bdi>{error}</bdi>
                </dd>
              </>
            ))}
          </dl>
        )}
      </Shown>
    </>
  );
};
