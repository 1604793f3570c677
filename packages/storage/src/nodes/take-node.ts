import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, type ClockRecord, type ClockWatch, type Logger, OperatorError } from '@aerogram/runtime';
import type pg from 'pg';
import type { Incarnation } from '../database/commit-mark.ts';
import { isWaitLimit } from '../database/errors.ts';
import { type ClusterView, endBackends, fenceNode, forgetOthers, inClusterLock, nextGeneration, type NodeRow, readCluster, takeAwayNode, takeNode } from './node-store.ts';
import { noteTimeline } from './note-timeline.ts';
import { type NodeTimes, STALE_MS } from './node-times.ts';
import { clockRecordOf } from './serving-state.ts';

export interface MembershipOptions {
  url: string;
  /** Name of the server; the same after a restart. */
  holder: string;
  /** Name of the machine, for the error message of another server. */
  host: string;
  /** Whether the server joins a cluster, which lets others serve beside it. Otherwise it is the only one that uses the database. */
  joins?: boolean;
  /** How long the lease lasts, and how often it is renewed. By default what fits a server that is alone, or a node; tests set others. */
  times?: NodeTimes;
  /** Used for timers and measurements; not the clock that is being judged. */
  clock: Clock;
  /** Judges the server's clock; its findings are stored in the database. */
  watch: ClockWatch;
  log: Logger;
  /** Called with what the startup is waiting for. */
  say?: (progress: string) => void;
}

const PAUSE_MS = 500;

/** Another server serves from this database. */
export class DatabaseServed extends OperatorError {
  override name = 'DatabaseServed';
}

/** Says which process holds a row. */
export function describeHolder({ name, host, pid }: Pick<NodeRow, 'name' | 'host' | 'pid'>): string {
  return `process ${pid} on ${host} (server ${name})`;
}

/** The row that was taken. */
export interface Taken {
  self: Incarnation;
  /** What the cluster looked like then; nothing was read from the database before its barrier. */
  view: ClusterView;
  /** When that was begun, by `monotonicMs`. */
  atMs: number;
}

/**
 * Takes the row of a server; waits if that is not possible before a lease runs out that nobody renews.
 * @throws DatabaseServed when another server renews it
 */
export async function takeRow(client: pg.Client, options: MembershipOptions & { times: NodeTimes }): Promise<Taken> {
  const { clock, say } = options;
  const startedMs = clock.monotonicMs();
  const firstSeen = new Map<string, bigint>();
  for (;;) {
    const atMs = clock.monotonicMs();
    // A lease that was not renewed during the whole wait belongs to nobody, even if it seems to be valid for long because the
    // database's clock was set back.
    const isStale = atMs - startedMs > STALE_MS;
    try {
      const outcome = await inClusterLock(client, async (view) => {
        const obstacles = view.nodes.filter((row) => standsInTheWay(row, options) && row.until_ms > view.databaseMs && !(isStale && firstSeen.get(row.name) === row.until_ms));
        return obstacles.length > 0 ? { obstacles } : { taken: await take(client, view, options) };
      });
      if (outcome.taken) return { ...outcome.taken, atMs };
      for (const row of outcome.obstacles) {
        if ((firstSeen.get(row.name) ?? row.until_ms) !== row.until_ms) throw refusalOf(row, options);
        firstSeen.set(row.name, row.until_ms);
      }
      say?.(`waiting for the lease of ${describeHolder(outcome.obstacles[0]!)} to run out`);
    } catch (error) {
      if (!isWaitLimit(error)) throw error;
      say?.('waiting for an open transaction of the server before to end');
    }
    await delay(PAUSE_MS);
  }
}

/** Whether a server cannot serve while another one does, whose row this is. */
function standsInTheWay({ name, state, host }: NodeRow, options: MembershipOptions): boolean {
  if (name !== options.holder) return !options.joins || state === 'alone';
  // A node whose data directory was copied; one that was killed on this machine is replaced at once.
  return options.joins === true && state !== 'alone' && host !== options.host;
}

/** Why a server must not serve beside the process that holds this row. */
export function refusalOf(row: Pick<NodeRow, 'name' | 'host' | 'pid'>, { holder, joins }: Pick<MembershipOptions, 'holder' | 'joins'>): DatabaseServed {
  const described = describeHolder(row);
  if (!joins) return new DatabaseServed(`another server uses this database: ${described}. Stop it first: only one server may serve from a database`);
  if (row.name !== holder) return new DatabaseServed(`a server that belongs to no cluster uses this database: ${described}. Stop it first`);
  return new DatabaseServed(`another machine serves as this node: ${described}. Two nodes must not have copies of one data directory: remove the file node-id from the copy`);
}

async function take(client: pg.Client, view: ClusterView, options: MembershipOptions & { times: NodeTimes }): Promise<Omit<Taken, 'atMs'>> {
  const { holder: name, host, joins = false, times, watch, log } = options;
  await noteTimeline(client, log, view);
  const { clockMs } = watch.look();
  const newest = view.nodes.toSorted((a, b) => Number(b.clock_ms - a.clock_ms))[0];
  const clock: ClockRecord = newest ? clockRecordOf(newest) : { clockMs, stepMs: undefined, steppedMs: undefined, isAccepted: false };
  const held = view.nodes.filter(({ token }) => token !== 0n);
  const former = held.filter((row) => row.name === name);
  const others = held.filter((row) => row.name !== name && (!joins || row.state === 'alone'));
  const changesMembers = !joins || [...former, ...others].some((row) => row.state !== 'joining');
  if (changesMembers) await nextGeneration(client, true);
  const self = await takeNode(client, { name, host, joins, leaseMs: times.leaseMs, clock });
  for (const row of others) await takeAwayNode(client, row, 'lost');
  for (const row of [...former, ...others]) {
    await endBackends(client, row);
    await fenceNode(client, row);
  }
  if (!joins) await forgetOthers(client, name);
  watch.resume(clock);
  watch.compare(clockMs - view.databaseMs);
  return { self, view: await readCluster(client) };
}

/** Says why a server stops whose row is not its own any more. @param other who has a row now */
export function describeLoss({ joins }: Pick<MembershipOptions, 'joins'>, other: Pick<NodeRow, 'name' | 'host' | 'pid'> | undefined): string {
  return joins
    ? 'the lease of this node was not renewed in time, so others serve in its place, or another process serves as this node. This one stops'
    : `another server has taken this database over: ${other ? describeHolder(other) : 'unknown'}. This one stops`;
}
