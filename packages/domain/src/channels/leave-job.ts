import { markPeer, unmarkPeer } from '@aerogram/cluster';
import { defineJobKind, type JobKind, jsonCodec, type Tx } from '@aerogram/storage';

/** How one group or channel is left. */
export interface Leaving {
  /** Leaves a channel, given its plain id. */
  leaveChannel(userId: bigint, channelId: bigint): Promise<void>;
  /** Leaves a basic group. @returns the plain id of the supergroup that it has become meanwhile, if it has */
  leaveGroup(userId: bigint, chatId: bigint): Promise<bigint | undefined>;
}

/** A job by which a user leaves groups and channels one after the other. */
export interface LeaveJob {
  /** Orders it for chats, by marked id. @param batch maximum number of chats that one job leaves */
  order(tx: Tx, userId: bigint, chats: { peerIds: readonly bigint[]; batch: number }): Promise<void>;
  readonly jobKind: JobKind;
}

/** Creates the job. Leaving again must change nothing, because a retry begins from the start. @param kind the name of the job in the database */
export function createLeaveJob(kind: string, leaving: Leaving): LeaveJob {
  const leave = async (userId: bigint, peerId: bigint): Promise<void> => {
    const peer = unmarkPeer(peerId);
    if (peer._ === 'peerChannel') return leaving.leaveChannel(userId, peer.channel_id);
    if (peer._ !== 'peerChat') return;
    const migratedTo = await leaving.leaveGroup(userId, peer.chat_id);
    // The group may have become a supergroup after the chats were listed.
    if (migratedTo !== undefined) await leave(userId, markPeer({ _: 'peerChannel', channel_id: migratedTo }));
  };
  const jobKind = defineJobKind<{ peerIds: bigint[] }>({
    kind,
    codec: jsonCodec(),
    async run({ peerIds }, { ownerId, signal }) {
      for (const peerId of peerIds) {
        signal.throwIfAborted();
        await leave(ownerId, peerId);
      }
    },
  });
  return {
    jobKind,
    async order(tx, userId, { peerIds, batch }) {
      for (let from = 0; from < peerIds.length; from += batch) await tx.job(jobKind.order(userId, { peerIds: peerIds.slice(from, from + batch) }));
    },
  };
}
