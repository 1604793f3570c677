import { onUserHint } from '@aerogram/domain';
import type { Bus } from '@aerogram/bus';
import { defineCounter, defineGauge } from '@aerogram/runtime';
import type { Clock, Logger, Metrics } from '@aerogram/runtime';

import type { BoxStep, LiveSession, UpdatePusher } from '../live-session.ts';
import { PushQueue } from './push-queue.ts';
import type { PushQueueDeps } from './push-queue.ts';
import { PositionBook } from './position-book.ts';
import type { UpdateSource } from './update-source.ts';

/** How often the positions of all attached owners are compared with the database, in milliseconds, because hints may be lost (rule S3). */
const REPAIR_INTERVAL_MS = 2000;
/** Counters compared by one statement of a repair. */
const REPAIR_BATCH = 5000;
/** Owners repaired in parallel. */
const REPAIR_WIDTH = 16;

const pushesMetric = defineCounter({ name: 'aerogram_pushes_total', help: 'Updates handed to sessions.', labels: ['outcome'] });
const holesMetric = defineCounter({ name: 'aerogram_push_holes_total', help: 'Times that a hint was missing and a box was read again.' });
const repairedMetric = defineCounter({ name: 'aerogram_push_repairs_total', help: 'Owners whose sessions lagged at a round of repair.' });
const ownersMetric = defineGauge({ name: 'aerogram_push_owners', help: 'Users with at least one session that receives updates here.' });

export interface PusherDeps {
  source: UpdateSource;
  bus: Bus;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

interface Entry {
  queue: PushQueue;
  subscription: Disposable;
}

/**
 * Starts pushing updates to the sessions of this process. It takes hints from the bus, keeps one sequencer per session, and runs a repair
 * every 2 s and after each reconnect of the bus. Dispose to stop; it waits for pushes under way.
 */
export function createUpdatePusher(deps: PusherDeps): UpdatePusher & AsyncDisposable {
  const queues = new Map<bigint, Entry>();
  const book = new PositionBook();
  /** The owner under which a session was attached: its `userId` may change before it is detached. */
  const owners = new Map<LiveSession, bigint>();
  const pushes = deps.metrics.counter(pushesMetric);
  const holes = deps.metrics.counter(holesMetric);
  const repaired = deps.metrics.counter(repairedMetric);
  const online = deps.metrics.gauge(ownersMetric);
  const queueDeps: PushQueueDeps = {
    source: deps.source,
    clock: deps.clock,
    log: deps.log,
    onPush: (outcome) => pushes.inc({ outcome }),
    onHole: () => holes.inc(),
    onUnsettled: (owner) => book.unsettle(owner),
  };
  let repairing: Promise<void> | undefined;

  const open = (owner: bigint): PushQueue => {
    const known = queues.get(owner);
    if (known) return known.queue;
    const queue = new PushQueue(owner, queueDeps);
    const subscription = onUserHint(deps.bus, owner, (hint) => queue.accept(hint));
    queues.set(owner, { queue, subscription });
    book.add(owner);
    online.set(queues.size);
    return queue;
  };

  const detach = (session: LiveSession): void => {
    const owner = owners.get(session);
    const entry = owner === undefined ? undefined : queues.get(owner);
    if (owner === undefined || entry === undefined) return;
    owners.delete(session);
    entry.queue.detach(session);
    if (entry.queue.size > 0) return;
    entry.subscription[Symbol.dispose]();
    queues.delete(owner);
    book.remove(owner);
    online.set(queues.size);
  };

  const repairRound = async (): Promise<void> => {
    for (const known of book.pages(REPAIR_BATCH)) {
      const work = (await deps.source.listMoved(known)).entries();
      const repairNext = async (): Promise<void> => {
        for (const [owner, position] of work) {
          const round = queues.get(owner)?.queue.repair(position);
          if (round === 'settled') book.settle(owner, position);
          if (!(round instanceof Promise)) continue;
          await round;
          repaired.inc();
        }
      };
      await Promise.all(Array.from({ length: REPAIR_WIDTH }, repairNext));
    }
  };

  const repairAll = (): Promise<void> => {
    repairing ??= repairRound().finally(() => {
      repairing = undefined;
    });
    return repairing;
  };

  const repairInBackground = (): void => {
    repairAll().catch((error: unknown) => {
      deps.log.warn({ err: error }, 'a round of repair failed');
    });
  };
  const timer = deps.clock.setInterval(repairInBackground, REPAIR_INTERVAL_MS);
  const reconnects = deps.bus.onReconnect(repairInBackground);

  return {
    async attach(session) {
      const { userId } = session;
      if (userId === undefined) return;
      if (owners.get(session) !== userId) detach(session);
      owners.set(session, userId);
      try {
        await open(userId).attach(session);
      } catch (error) {
        detach(session);
        throw error;
      }
    },
    detach,
    answered(session, steps) {
      let wait: Promise<void> | undefined;
      for (const step of steps) {
        const next = answerStep(session, step);
        if (next !== undefined) wait = wait === undefined ? next : Promise.all([wait, next]).then(() => undefined);
      }
      return wait;
    },
    repairAll,
    async [Symbol.asyncDispose]() {
      timer.cancel();
      reconnects[Symbol.dispose]();
      for (const { subscription } of queues.values()) subscription[Symbol.dispose]();
      await Promise.all([repairing, ...[...queues.values()].map(({ queue }) => queue.idle())]);
      queues.clear();
      owners.clear();
    },
  };

  function answerStep(session: LiveSession, step: BoxStep): Promise<void> | undefined {
    if (owners.get(session) !== step.owner) return undefined;
    return queues.get(step.owner)?.queue.answered(session, step);
  }
}
