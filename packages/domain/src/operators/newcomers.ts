import { defineJobKind, jsonCodec, type JobKind, type Tx } from '@aerogram/storage';

import type { Channels } from '../channels/index.ts';
import { listNewcomerChannels } from './newcomer-store.ts';

/** How people who sign up join the channels that the operator has chosen. */
export interface Newcomers {
  /** Orders, in the transaction that creates an account, that it joins these channels. */
  order(tx: Tx, userId: bigint): Promise<void>;
  readonly jobKind: JobKind;
}

/** Creates the joining of newcomers. */
export function createNewcomers({ channels }: { channels: Pick<Channels, 'at'> }): Newcomers {
  // Leaves out channels in which the person is or was a member, so a retry adds nobody twice, and nobody who has left meanwhile.
  const jobKind = defineJobKind<{ channelIds: bigint[] }>({
    kind: 'add-newcomer',
    codec: jsonCodec(),
    async run({ channelIds }, { ownerId, signal }) {
      for (const channelId of channelIds) {
        signal.throwIfAborted();
        await channels.at(channelId).operator.doAddNewcomer(ownerId);
      }
    },
  });
  return {
    jobKind,
    async order(tx, userId) {
      const channelIds = await listNewcomerChannels(tx);
      if (channelIds.length > 0) await tx.job(jobKind.order(userId, { channelIds }));
    },
  };
}
