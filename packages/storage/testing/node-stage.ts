import { ClockWatch, createFakeClock, type FakeClock, silentLogger, systemClock } from '@aerogram/runtime';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../src/tables/index.ts';
import { Membership } from '../src/nodes/membership.ts';
import type { MembershipOptions } from '../src/nodes/take-node.ts';

/** A database of a test, to which it may also write outside transactions. */
interface StageDatabase {
  readonly url: string;
  readonly q: Kysely<Tables>;
}

/** A server whose clock only the test moves: it is frozen between the calls. */
export interface StagedNode extends AsyncDisposable {
  lease: Membership;
  clock: FakeClock;
  /** Has it renew its row now, and returns when that is done. */
  renew(): Promise<void>;
  /** Lets time pass for it, with all renewals. @param ms a multiple of 500 */
  live(ms: number): Promise<void>;
  /** Waits for what it does, for which it renews its row. */
  finish<T>(work: Promise<T>): Promise<T>;
}

/** Takes the row of a server with a clock of its own. It joins a cluster unless `options` say otherwise. */
export async function stageNode(db: StageDatabase, holder: string, options: Partial<MembershipOptions> = {}): Promise<StagedNode> {
  const clock = createFakeClock();
  const lease = await Membership.take({
    url: db.url,
    holder,
    host: `host-of-${holder}`,
    joins: true,
    clock,
    watch: new ClockWatch(systemClock),
    log: silentLogger,
    ...options,
  });
  const renewed: (() => void)[] = [];
  lease.listen(() => renewed.splice(0).forEach((resolve) => resolve()));
  const advance = async (ms: number): Promise<void> => {
    const next = Promise.race([new Promise<void>((resolve) => renewed.push(resolve)), lease.lost]);
    await clock.advance(ms);
    await next;
    // Lets the node set the timer of the next renewal.
    await clock.advance(0);
  };
  const node: StagedNode = {
    lease,
    clock,
    async renew() {
      // Two turns, because the first one may have begun before this call.
      for (let turn = 0; turn < 2; turn++) {
        lease.lookNow();
        await advance(0);
      }
    },
    async live(ms) {
      for (let at = 0; at < ms; at += 500) await advance(500);
    },
    async finish(work) {
      let isDone = false;
      const end = (): void => void (isDone = true);
      work.then(end, end);
      while (!isDone) {
        await clock.advance(0);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return work;
    },
    async [Symbol.asyncDispose]() {
      await lease[Symbol.asyncDispose]();
    },
  };
  await node.renew();
  return node;
}

/** Makes the lease of a node, which must be frozen, run out by the database's clock. */
export async function runOut(db: StageDatabase, name: string): Promise<void> {
  await sql`UPDATE nodes SET until_ms = (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 1 WHERE name = ${name}`.execute(db.q);
}

/** Has a node find out that another is lost, and take its row. */
export async function lose(db: StageDatabase, name: string, by: StagedNode): Promise<void> {
  await runOut(db, name);
  await by.live(4_500);
  const isLost = async (): Promise<boolean> => (await db.q.selectFrom('nodes').select('state').where('name', '=', name).executeTakeFirst())?.state === 'lost';
  while (!(await isLost())) await by.renew();
  await by.renew();
}
