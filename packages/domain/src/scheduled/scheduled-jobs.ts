import { isMarkedChannel, isMarkedChat } from '@aerogram/cluster';
import { RpcError } from '@aerogram/errors';
import { defineJobKind, defineRecurringJob } from '@aerogram/storage';
import type { JobKind, Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedPeer } from '../access/index.ts';
import { findChannelMembers, findChannelRows, findChatMembers, findChatRows } from '../chats/index.ts';
import { channelIdOf } from '../events/index.ts';
import {
  chatIdOf,
  findSendable,
  listAwaited,
  type MessagingDeps,
  refuseScheduled,
  type ScheduledKey,
  type ScheduledRow,
  SEND_JOB,
  sendOrderCodec,
  UNTIL_ONLINE_DATE,
} from '../messages/index.ts';
import { PeerSet } from '../peers/index.ts';
import type { ServiceChat } from '../service/index.ts';
import { describeUnsent } from './describe-unsent.ts';
import { sendScheduled, type SendScheduledDeps } from './send-scheduled.ts';

/**
 * Number of attempts to send one message while the server fails or the receiver's limits are exceeded; with the pauses in between they take
 * about two hours.
 */
const SEND_ATTEMPTS = 14;
/** Number of further attempts to tell the author that the message was not sent. */
const TELL_ATTEMPTS = 14;

const AWAITED_EVERY_MS = 5000;
const AWAITED_SLICE = 200;

/** The dependencies of scheduled messages. */
export interface ScheduledDeps extends MessagingDeps {
  /** Sends the author the notice about an unsent message. */
  serviceChat: Pick<ServiceChat, 'order'>;
}

/** Creates the jobs that send scheduled messages: one job per message with a date, and a recurring job for messages "when online". */
export function createScheduledJobs(deps: Pick<ScheduledDeps, 'db' | 'clock' | 'log' | 'users' | 'serviceChat' | 'writeBoxes' | 'projectPeers'>, sending: SendScheduledDeps): JobKind[] {
  const { db, clock, log } = deps;

  /** Whether a message is still waiting for the date of `order`. */
  const isDueBy = (order: Pick<ScheduledRow, 'schedule_date'>) => (row: ScheduledRow) => row.schedule_date === order.schedule_date && row.refused_date === null;

  const findPeer = async ({ owner_id: ownerId, peer_id: peerId }: ScheduledKey): Promise<ResolvedPeer> => {
    if (isMarkedChannel(peerId)) {
      const channelId = channelIdOf(peerId);
      const [[row], [member]] = await Promise.all([findChannelRows(db, [channelId]), findChannelMembers(db, [{ id: channelId, userId: ownerId }])]);
      if (row === undefined) throw new Error('the channel of a scheduled message does not exist');
      return { kind: 'channel', channelId, peerId, isSelf: false, row, member };
    }
    if (isMarkedChat(peerId)) {
      const chatId = chatIdOf(peerId);
      const [[row], [member]] = await Promise.all([findChatRows(db, [chatId]), findChatMembers(db, [{ id: chatId, userId: ownerId }])]);
      if (row === undefined || member === undefined) throw new Error('the group of a scheduled message does not exist');
      return { kind: 'chat', chatId, peerId, isSelf: false, row, member };
    }
    const row = (await deps.users.findRows([peerId])).get(peerId);
    if (row === undefined) throw new Error('the receiver of a scheduled message does not exist');
    return { kind: 'user', userId: peerId, peerId, isSelf: peerId === ownerId, row };
  };

  /** The receiver as the author sees it. */
  const findReceiver = async ({ owner_id: ownerId, peer_id: peerId }: ScheduledKey): Promise<tl.User | tl.Chat | undefined> => {
    const { users, chats } = await deps.projectPeers(ownerId, new PeerSet([peerId]));
    return users[0] ?? chats[0];
  };

  const sendOnTime = async (row: ScheduledRow): Promise<void> => {
    await sendScheduled(sending, { peer: await findPeer(row), row, origin: undefined, isDue: isDueBy(row) });
  };

  /**
   * Gives up on a message that cannot be sent: it stays in the list, is not tried again, and the service chat tells its author why. Does
   * nothing if the message was deleted, sent or rescheduled meanwhile.
   * @param done completes the job in the same transaction, so that the author is told once
   */
  const leaveToAuthor = async (unsent: ScheduledRow, error: unknown, done?: (tx: Tx) => Promise<void>): Promise<void> => {
    const receiver = await findReceiver(unsent);
    await deps.writeBoxes('refuse-scheduled', [unsent.owner_id], async (tx, _boxes, date) => {
      await done?.(tx);
      const [row] = await findSendable(tx, [unsent]);
      if (row === undefined || !isDueBy(unsent)(row)) return;
      await refuseScheduled(tx, row, date);
      await deps.serviceChat.order(tx, row.owner_id, describeUnsent(row, receiver, error));
    });
  };

  const sendJob = defineJobKind({
    kind: SEND_JOB,
    codec: sendOrderCodec,
    maxAttempts: SEND_ATTEMPTS + TELL_ATTEMPTS,
    // A message sent too early cannot be taken back, and a repeating one would jump far into the future.
    clockNeed: 'steady',
    async run({ ownerId, peerId, msgId, scheduleDate }, context) {
      const [row] = await findSendable(db, [{ owner_id: ownerId, peer_id: peerId, msg_id: msgId }]);
      if (row === undefined || !isDueBy({ schedule_date: scheduleDate })(row)) return;
      try {
        await sendOnTime(row);
      } catch (error) {
        if (isPassing(error) && context.attempt < SEND_ATTEMPTS) throw error;
        await leaveToAuthor(row, error, (tx) => context.done(tx));
      }
    },
  });

  const sendAwaited = async (row: ScheduledRow): Promise<void> => {
    try {
      // Sending reveals to the author that the receiver is online, so the message waits as long as the receiver hides that from the author.
      const peer = await findPeer(row);
      const isGone = peer.kind === 'user' && peer.row.deleted;
      if (isGone || (await deps.users.isOnlineShown(row.owner_id, row.peer_id))) await sendOnTime(row);
    } catch (error) {
      if (!isPassing(error)) return leaveToAuthor(row, error);
      // The next run tries this message again; meanwhile the other messages are sent.
      log.warn({ err: error }, 'a message for "when online" could not be sent now');
    }
  };

  return [
    sendJob,
    defineRecurringJob({
      kind: 'send-when-online',
      everyMs: AWAITED_EVERY_MS,
      async run({ signal }) {
        for (let rows: ScheduledRow[] | undefined; rows === undefined || rows.length === AWAITED_SLICE; ) {
          rows = await listAwaited(db.q, { untilOnline: UNTIL_ONLINE_DATE, nowDate: clock.now(), limit: AWAITED_SLICE, after: rows?.at(-1) });
          for (const row of rows) {
            signal.throwIfAborted();
            await sendAwaited(row);
          }
        }
      },
    }),
  ];
}

/** Whether a send may succeed later: the server failed, or a limit was exceeded. */
function isPassing(error: unknown): boolean {
  return !(error instanceof RpcError) || error.code >= 500 || error.code === 420;
}
