import { formatBytes } from '@aerogram/web/parts/bytes';
import type { FunctionComponent } from 'preact';
import { useRef } from 'preact/hooks';
import { command, post } from './api.ts';
import { dateOf, Shown, useLoaded } from './parts.tsx';

interface Live {
  at_ms: number;
  connections: number;
  sessions: number;
  messages: number;
  calls: number;
  call_seconds: number;
  pushes: number;
  jobs: number;
  memory_bytes: number;
}

interface State {
  disk: { free_bytes: number; bytes: number } | null;
  database: { version: string; schema: number; bytes: number };
  counts: { accounts: number; devices: number; jobs: number; dead_jobs: number };
  reports: { open: number; full: boolean };
  archive: { directory: string; last_date: string | null; failing: boolean } | null;
  failures: { kind: string; count: number; last_date: string; error: string }[];
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

/** Live charts, and the state of the server. */
export const Numbers: FunctionComponent = () => {
  const history = useRef<Live[]>([]);
  const live = useLoaded(async () => {
    const next = await post<Live>('numbers');
    // A server that was started again counts from 0.
    const past = history.current.at(-1);
    if (past !== undefined && (next.calls < past.calls || next.at_ms <= past.at_ms)) history.current = [];
    history.current = [...history.current, next].slice(-POINTS - 1);
    return history.current;
  }, LIVE_MS);
  const state = useLoaded((isFirst) => command<State>('status', {}, !isFirst), STATE_MS);
  const pairs = (live.value ?? []).slice(1).map((now, at) => ({ now, past: live.value![at]! }));
  const rate = (name: 'messages' | 'calls' | 'pushes' | 'jobs'): number[] => pairs.map(({ now, past }) => ((now[name] - past[name]) * 1000) / (now.at_ms - past.at_ms));
  const answer = pairs.map(({ now, past }) => (now.calls === past.calls ? 0 : ((now.call_seconds - past.call_seconds) * 1000) / (now.calls - past.calls)));
  const all = live.value ?? [];
  return (
    <>
      <Shown loaded={live}>
        {() => (
          <div class="charts">
            <Chart label="Messages per second" values={rate('messages')} />
            <Chart label="Connections" values={all.map(({ connections }) => connections)} format={String} />
            <Chart label="Calls per second" values={rate('calls')} />
            <Chart label="Time of a call" values={answer} format={(ms) => `${ms.toFixed(1)} ms`} />
            <Chart label="Updates per second" values={rate('pushes')} />
            <Chart label="Jobs per second" values={rate('jobs')} />
            <Chart label="Memory" values={all.map(({ memory_bytes: bytes }) => bytes)} format={formatBytes} />
          </div>
        )}
      </Shown>
      <Shown loaded={state}>
        {({ disk, database, counts, reports, archive, failures }) => (
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
