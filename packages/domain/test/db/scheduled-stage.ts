import type { ResolvedUser } from '../../src/access/resolved-peer.ts';
import type { MessageRow } from '../../src/events/message-row.ts';
import type { Outgoing } from '../../src/messages/outgoing.ts';
import type { ScheduledRow } from '../../src/messages/scheduled-store.ts';
import { createWorld, type World } from './accounts-world.ts';

/** A world whose users schedule messages, and whose jobs the test runs by hand. */
export interface ScheduledStage extends AsyncDisposable {
  world: World;
  signUp(name: string): Promise<bigint>;
  peer(viewerId: bigint, userId: bigint): Promise<ResolvedUser>;
  send(from: bigint, to: bigint, text: string): Promise<MessageRow>;
  schedule(from: bigint, to: bigint, text: string, more?: { date?: number; repeatPeriod?: number; reply?: Outgoing['reply']; randomId?: bigint }): Promise<ScheduledRow>;
  edit(row: ScheduledRow, change: { text?: string; date?: number }): Promise<ScheduledRow>;
  sendNow(row: ScheduledRow): Promise<unknown>;
  delete(row: ScheduledRow): Promise<unknown>;
  /**
   * Runs each job that sends a scheduled message of an owner once, as if it were due.
   * @param options `until`: only jobs that are due by then, in unix seconds; `attempt`: number of the attempt
   */
  runTimer(owner: bigint, options?: { until?: number; attempt?: number }): Promise<void>;
  /** Runs the recurring job for "when online" once. */
  runAwaited(): Promise<void>;
  waiting(owner: bigint): Promise<ScheduledRow[]>;
  /** The messages from others than the service chat, in the order of the box. */
  texts(owner: bigint): Promise<string[]>;
  /** The messages from the service chat, except those about log-ins. */
  notices(owner: bigint): Promise<MessageRow[]>;
}

const SERVICE = 777000n;
export const HOUR_S = 3600;
export const DAY_S = 24 * HOUR_S;
const NEVER = new AbortController().signal;

export async function createScheduledStage(): Promise<ScheduledStage> {
  const world = await createWorld();
  const { db, clock } = world;
  let people = 0;
  let randomIds = 1000n;
  const content = (text: string) => ({ text, entities: [] });
  const peer = async (viewerId: bigint, userId: bigint): Promise<ResolvedUser> => {
    const row = (await world.domain.users.findRow(userId))!;
    return { kind: 'user', userId, peerId: userId, isSelf: viewerId === userId, row };
  };
  const findKind = (name: string) => world.domain.jobKinds.find(({ kind }) => kind === name)!;
  const boxOf = (owner: bigint) => db.q.selectFrom('messages').selectAll().where('owner_id', '=', owner).orderBy('msg_id');
  return {
    world,
    peer,
    async signUp(name) {
      people++;
      return (await world.signUp(`99966100${String(people).padStart(2, '0')}`, name)).userId;
    },
    send: async (from, to, text) =>
      world.domain.messages.doSendText(await peer(from, to), {
        senderId: from, randomId: randomIds++, text: content(text), silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined,
      }),
    async schedule(from, to, text, { date = clock.now() + HOUR_S, repeatPeriod, reply, randomId = randomIds++ } = {}) {
      const parts = [{ randomId, text, flags: 0, extra: {} }];
      const [row] = await world.domain.scheduled.doSchedule(await peer(from, to), { senderId: from, parts, reply, origin: undefined }, { date, repeatPeriod });
      return row!;
    },
    edit: async (row, { text, date = row.schedule_date }) =>
      world.domain.scheduled.doEdit(await peer(row.owner_id, row.peer_id), {
        ownerId: row.owner_id,
        msgId: row.msg_id,
        text: text === undefined ? undefined : content(text),
        noWebpage: false,
        invertMedia: false,
        schedule: { date, repeatPeriod: row.repeat_period ?? undefined },
        origin: undefined,
      }),
    sendNow: async (row) => world.domain.scheduled.doSendNow(await peer(row.owner_id, row.peer_id), row.owner_id, [row.msg_id], undefined),
    delete: (row) => world.domain.scheduled.doDelete(row.owner_id, row.peer_id, [row.msg_id], undefined),
    async runTimer(owner, { until = Infinity, attempt = 1 } = {}) {
      const jobs = await db.q.selectFrom('jobs').selectAll().where('kind', '=', 'send-scheduled').where('owner_id', '=', owner).orderBy('run_ms').execute();
      for (const job of jobs.filter((one) => Number(one.run_ms) <= until * 1000)) {
        const done = async (tx: Parameters<Parameters<typeof db.transact>[1]>[0]): Promise<void> => {
          await tx.q.deleteFrom('jobs').where('job_id', '=', job.job_id).execute();
        };
        await findKind('send-scheduled').perform(job.payload, { db, jobId: job.job_id, ownerId: owner, attempt, signal: NEVER, done });
        await db.transact('end-job', done);
      }
    },
    runAwaited: () => findKind('send-when-online').perform(new Uint8Array(), { db, jobId: 1n, ownerId: 0n, attempt: 1, signal: NEVER, done: () => Promise.resolve() }),
    waiting: (owner) => db.q.selectFrom('scheduled_messages').selectAll().where('owner_id', '=', owner).orderBy('msg_id').execute(),
    texts: async (owner) => (await boxOf(owner).where('from_id', '<>', SERVICE).execute()).map((row) => row.text),
    async notices(owner) {
      await world.runJobs();
      return boxOf(owner).where('from_id', '=', SERVICE).where('text', 'not like', '%log%in%').execute();
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}
