import type { Bus } from '@aerogram/bus';
import { isMarkedChannel } from '@aerogram/cluster';
import { type Clock, defineCounter, type Logger, type Metrics, type Random, RecentMap } from '@aerogram/runtime';
import { type Database, defineRecurringJob, type JobKind, type Tx } from '@aerogram/storage';

import { NOTICE_OWNERS_TOPIC, openPushToken, type PushDeviceRow } from '../auth/index.ts';
import type { OrderCallNotices } from '../calls/index.ts';
import type { BoxHint } from '../events/index.ts';
import type { NoteReaction } from '../post-reactions/index.ts';
import type { OrderSecretNotices } from '../secret-chats/index.ts';
import type { DomainDeps, KeyedMac, PushSender } from '../shared/index.ts';
import { ReachQuestions } from './ask-reach.ts';
import { orderCallNotices } from './call-notice.ts';
import { saveFollowing } from './follower-store.ts';
import type { Ordered } from './ordered.ts';
import { orderSecretNotices } from './secret-notice.ts';
import { NoticeQueue } from './notice-queue.ts';
import { NoticeSender } from './notice-sender.ts';
import { listBehind, listNoticeOwners } from './notice-store.ts';
import type { ReadNoticeDeps } from './read-notice.ts';

const sentMetric = defineCounter({ name: 'aerogram_notices_total', help: 'Notices for devices whose app is closed, by type of token and outcome: sent, gone, later, refused.', labels: ['kind', 'outcome'] });

/** How often a job looks for notices about which nobody has decided: the process that was to do it may have died. */
const LOOK_EVERY_MS = 30_000;
/** Owners that are read at once. */
const PAGE = 1000;
/** A session is woken at most so often, in milliseconds. */
const WAKE_EVERY_MS = 5000;
/** Sessions of which it is known when they were woken. */
const WOKEN_MAX = 10_000;

interface NoticesDeps extends ReadNoticeDeps {
  bus: Bus;
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: Metrics;
  fileStorage: DomainDeps['fileStorage'];
  db: Database;
  /** Undefined if the operator has switched notices off: then nothing is decided, either. */
  pushSender: PushSender | undefined;
  collapseOf: KeyedMac;
}

/** Notices for devices whose app is closed. */
export interface Notices extends AsyncDisposable {
  readonly jobKinds: readonly JobKind[];
  /** The key with which browsers subscribe to the notices of this server; undefined if it sends none. */
  readonly publicKey: string | undefined;
  /** Notes that a box has changed. */
  touch(owner: bigint, hint: Pick<BoxHint, 'events'>): void;
  /** Notes that the reactions to a message of a group have changed, so that the devices of its author may be told. */
  noteReaction: NoteReaction;
  /** Notes what a user follows who has registered a device. */
  doFollowAll(userId: bigint): Promise<void>;
  /** Has the devices of a callee told that a call rings, or takes that back, in the transaction of the call. */
  orderCall: OrderCallNotices;
  /** Writes notices of secret chats, in the transaction that adds the events to the logs of the devices. */
  orderSecret: OrderSecretNotices;
}

/** Creates the notices. Nothing waits for them: they go by what the boxes say, and go on after a crash where they were. */
export async function createNotices(deps: NoticesDeps): Promise<Notices> {
  const { db, bus, clock, log, fileStorage, metrics, pushSender } = deps;
  if (pushSender === undefined) return { jobKinds: [], publicKey: undefined, touch: () => {}, noteReaction: () => {}, doFollowAll: () => Promise.resolve(), orderCall: () => Promise.resolve(), orderSecret: () => Promise.resolve(), [Symbol.asyncDispose]: () => Promise.resolve() };
  const questions = new ReachQuestions(deps);
  const sender = new NoticeSender({ ...deps, keys: fileStorage.keys, sender: pushSender, questions, counter: metrics.counter(sentMetric) });
  const woken = new RecentMap<string, number>(WOKEN_MAX);
  const wakeNow = async ({ auth_key_id, sealed }: PushDeviceRow): Promise<void> => {
    const { token } = await openPushToken(fileStorage.keys, sealed);
    const key = `${auth_key_id}:${token}`;
    const nowMs = clock.monotonicMs();
    if (nowMs - (woken.get(key) ?? -Infinity) < WAKE_EVERY_MS) return;
    woken.set(key, nowMs);
    questions.wake(auth_key_id, BigInt.asIntN(64, BigInt(token)));
  };
  /** Never rejects. */
  const wake = (device: PushDeviceRow): Promise<void> => wakeNow(device).catch((error: unknown) => log.warn({ err: error }, 'a session could not be woken'));

  /** What is to be done when a transaction that has written notices is committed. */
  const goOn = (tx: Tx, { dueMs, woken }: Ordered): void => {
    if (dueMs !== undefined) tx.afterCommit(() => sender.wakeAt(dueMs));
    for (const device of woken) tx.afterCommit(() => void wake(device));
  };
  const follow = async (userId: bigint): Promise<void> => {
    for (const channel of await saveFollowing(db, userId)) bus.publish(NOTICE_OWNERS_TOPIC, channel);
  };
  const queue = new NoticeQueue({
    ...deps, questions,
    onDue: (dueMs) => sender.wakeAt(dueMs),
    follow,
    wake: (device) => void wake(device),
  });
  const subscription = bus.subscribe(NOTICE_OWNERS_TOPIC, (hint) => queue.add(hint as bigint));
  for await (const owner of listNoticeOwners(db, PAGE)) queue.add(owner);
  sender.wakeAt(clock.nowMs());
  return {
    publicKey: pushSender.publicKey,
    touch: (owner, hint) => queue.touch(owner, hint),
    noteReaction: (author, peerId, msgId) => queue.noteReaction(author, { owner: isMarkedChannel(peerId) ? peerId : author, msgId }),
    doFollowAll: follow,
    orderCall: async (tx, callee, silentKeyIds) => goOn(tx, await orderCallNotices(tx, callee, silentKeyIds, clock.nowMs())),
    orderSecret: async (tx, told) => goOn(tx, await orderSecretNotices(tx, told, clock.nowMs())),
    jobKinds: [
      defineRecurringJob({
        kind: 'notices-behind',
        everyMs: LOOK_EVERY_MS,
        run: async () => {
          for (const owner of await listBehind(db, PAGE)) queue.lookAgain(owner);
          sender.wakeAt(clock.nowMs());
        },
      }),
    ],
    async [Symbol.asyncDispose]() {
      subscription[Symbol.dispose]();
      await queue[Symbol.asyncDispose]();
      await sender[Symbol.asyncDispose]();
      questions[Symbol.dispose]();
      pushSender[Symbol.dispose]();
    },
  };
}
