import { defineStatement, type JobKind, type Tx } from '@aerogram/storage';

import type { Groups } from '../groups/index.ts';
import type { Channels } from './channels.ts';
import { createLeaveJob } from './leave-job.ts';

/** Maximum number of chats that one job leaves. */
const BATCH = 50;

// Memberships are found by the dialogs of the user. The list also has the chats that the user asks to join, and those for which the user has made invite
// links, even if the user has left them: there the job ends the requests and revokes the links.
const listMemberships = defineStatement<{ peer_id: bigint }>(
  'list_memberships',
  `SELECT d.peer_id FROM dialogs d JOIN chat_members m ON m.chat_id = -d.peer_id AND m.user_id = $1 AND m.status = 'member'
    WHERE d.owner_id = $1 AND d.peer_id < 0 AND d.peer_id > -1000000000000
    UNION ALL
   SELECT d.peer_id FROM dialogs d JOIN channel_members m ON m.channel_id = -1000000000000 - d.peer_id AND m.user_id = $1 AND m.status = 'member'
    WHERE d.owner_id = $1 AND d.peer_id < -1000000000000
    UNION ALL
   SELECT owner_id FROM join_requests WHERE user_id = $1
    UNION
   SELECT owner_id FROM invites WHERE admin_id = $1 AND NOT revoked
    ORDER BY 1`,
);

/** How accounts that end leave their groups and channels. */
export interface LeaveChats {
  /** Orders, in the transaction that ends an account, that the account leaves all groups and channels. What it wrote there stays. */
  order(tx: Tx, userId: bigint): Promise<void>;
  readonly jobKind: JobKind;
}

/** Creates the leaving of all chats. */
export function createLeaveChats({ groups, channels }: { groups: Pick<Groups, 'doEndMembership' | 'invitesOf'>; channels: Pick<Channels, 'at'> }): LeaveChats {
  const job = createLeaveJob('leave-chats', {
    async leaveChannel(userId, channelId) {
      const channel = channels.at(channelId);
      await channel.invites.doWithdraw(userId);
      await channel.members.doEndMembership(userId);
    },
    async leaveGroup(userId, chatId) {
      await groups.invitesOf(chatId).doWithdraw(userId);
      return groups.doEndMembership({ actorId: userId, chatId, origin: undefined });
    },
  });
  return {
    jobKind: job.jobKind,
    async order(tx, userId) {
      const { rows } = await tx.run(listMemberships, [userId]);
      await job.order(tx, userId, { peerIds: rows.map((row) => row.peer_id), batch: BATCH });
    },
  };
}
