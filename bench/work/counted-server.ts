import { Server, Socket } from 'node:net';
import { type Bus, createInProcessBus } from '@aerogram/bus';
import { startNode } from '@aerogram/node';
import { createLogger, loadConfig, seededRandom, systemClock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { AllocationSampler } from './allocations.ts';
import type { Answers, Order, Said } from './orders.ts';
import { createWorkClock } from './work-clock.ts';

/** The argument with which the program of `npm run work` starts itself again as the counted server. */
export const SERVER_ARGUMENT = '--counted-server';

/** The statement by which the job runner looks for due jobs. While a call is counted it is not run, and finds none. */
const LOOKS_FOR_JOBS = 'find_takeable_jobs';

/** Sockets that the server has opened itself lead to PostgreSQL; what clients get goes out on those that it has accepted. */
const isToClient = (socket: Socket & { server?: unknown }): boolean => socket.server instanceof Server;

/** Runs a server whose work is counted, until its parent ends. @param args data directory and URL of the database */
export async function runCountedServer([dataDir, databaseUrl]: readonly string[]): Promise<void> {
  const say = (said: Said): void => void process.send!(said);
  const counts = { hints: 0, writes: 0 };
  let areJobsHeld = false;
  countWrites(() => (counts.writes += 1));
  const clock = createWorkClock(Date.now());
  const config = loadConfig(['--data-dir', dataDir!, '--port', '0', '--http-port', '0', '--host', '127.0.0.1'], {
    AEROGRAM_DATABASE_URL: databaseUrl!,
    AEROGRAM_TEST_MODE: '1',
    AEROGRAM_PRINT_CODES: '0',
    AEROGRAM_LINK_PREVIEWS: '0',
    AEROGRAM_FILES_BY_URL: '0',
    AEROGRAM_LOG_LEVEL: 'warn',
  });
  const node = await startNode(config, {
    clock,
    sessionClock: systemClock,
    random: seededRandom('work'),
    log: createLogger({ level: 'warn', destination: process.stderr }),
    bus: countHints(createInProcessBus(), () => (counts.hints += 1)),
    watchDatabase: (db) => holdJobs(db, () => areJobsHeld),
  });
  const sampler = new AllocationSampler();
  const obey: { [Kind in Order['do']]: (order: Extract<Order, { do: Kind }>) => Promise<Answers[Kind]> } = {
    begin: async ({ holdsJobs }) => {
      areJobsHeld = holdsJobs;
      counts.hints = counts.writes = 0;
    },
    end: async () => {
      areJobsHeld = false;
      return { ...counts };
    },
    advance: ({ ms }) => clock.advance(ms),
    jump: async ({ ms }) => clock.jump(ms),
    freeze: async ({ ms }) => void setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)),
    sample: () => sampler.begin(),
    'end-sample': () => sampler.end(),
  };
  process.on('message', (order: Order) => {
    (obey[order.do] as (order: Order) => Promise<unknown>)(order).then(
      (answer) => say({ answer }),
      (error: unknown) => say({ error: String((error as Error).stack) }),
    );
  });
  process.once('disconnect', () => void node.stop().finally(() => process.exit()));
  say({ ready: node.server });
}

function countWrites(onWrite: () => void): void {
  for (const name of ['_write', '_writev'] as const) {
    const write = Socket.prototype[name] as (this: Socket, ...args: unknown[]) => void;
    Socket.prototype[name] = function (this: Socket, ...args: unknown[]) {
      if (isToClient(this)) onWrite();
      write.apply(this, args);
    };
  }
}

function countHints(bus: Bus, onHint: () => void): Bus {
  return {
    publish: (topic, hint) => {
      onHint();
      bus.publish(topic, hint);
    },
    decide: (topic, hint) => {
      onHint();
      return bus.decide(topic, hint);
    },
    subscribe: (topic, fn) => bus.subscribe(topic, fn),
    onReconnect: (fn) => bus.onReconnect(fn),
  };
}

/** Wraps a database so that the job runner finds no jobs while `isHeld` returns true: jobs are counted in rows of their own. */
function holdJobs(db: Database, isHeld: () => boolean): Database {
  const run: Database['run'] = async (statement, values) => (isHeld() && statement.name === LOOKS_FOR_JOBS ? { rows: [], count: 0 } : db.run(statement, values));
  return Object.create(db, { run: { value: run, writable: true } }) as Database;
}
