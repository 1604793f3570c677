import { markPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';

import type { ResolvedChannel } from '../access/index.ts';
import { type ChannelRow, type Chats, findChannelRows, findChannelView, isChatRow, mayDo, standingIn } from '../chats/index.ts';
import type { Origin, SubjectDeps } from '../events/index.ts';
import type { UserRow } from '../peers/index.ts';
import { savePersonalChannel, type Users } from '../users/index.ts';
import { isPublic } from '../channel-state/index.ts';

/** The channel that a user shows on the profile page, for one viewer. */
export interface PersonalChannel {
  channelId: bigint;
  /** Marked. */
  peerId: bigint;
  /** The newest message. */
  topMsgId: number;
}

/** The channels that users show on their profile pages. */
export interface PersonalChannels {
  /**
   * Sets the channel, which must be a public broadcast channel that the user owns; undefined removes it. Idempotent.
   * @throws RpcError 400 CHANNEL_INVALID, CHAT_ADMIN_REQUIRED
   */
  doSet(userId: bigint, channel: ResolvedChannel | undefined, origin?: Origin): Promise<void>;
  /** Finds the channel of a user; undefined if there is none, it is not public or not the user's own any more, or the viewer may not read it. */
  find(viewerId: bigint, user: UserRow): Promise<PersonalChannel | undefined>;
}

/** The dependencies of {@link createPersonalChannels}. */
export interface PersonalChannelsDeps extends Pick<SubjectDeps, 'db' | 'clock' | 'writeBoxes'> {
  users: Pick<Users, 'userChanged' | 'showChange'>;
  chats: Pick<Chats, 'findRow' | 'findMember'>;
}

/** Creates the operations on the channels that users show on their profile pages. */
export function createPersonalChannels({ db, clock, writeBoxes, users, chats }: PersonalChannelsDeps): PersonalChannels {
  return {
    async doSet(userId, channel, origin) {
      const update = { _: 'updateUser', user_id: userId } as const;
      await writeBoxes('set-personal-channel', [userId], async (tx, boxes, date) => {
        if (channel !== undefined) {
          const [row] = await findChannelRows(tx, [channel.channelId]);
          if (row?.kind !== 'broadcast' || !isPublic(row)) throw rpcError('CHANNEL_INVALID');
          if (!isPersonal(row, userId)) throw rpcError('CHAT_ADMIN_REQUIRED');
        }
        await savePersonalChannel(tx, userId, channel?.channelId);
        tx.afterCommit(() => users.userChanged(userId));
        boxes.addLoose(userId, date, origin, [update]);
      });
      users.showChange(userId, update);
    },
    async find(viewerId, { user_id: userId, personal_channel_id: channelId, deleted }) {
      if (channelId === null || deleted) return undefined;
      const peerId = markPeer({ _: 'peerChannel', channel_id: channelId });
      const [row, member, view] = await Promise.all([chats.findRow(peerId), chats.findMember(peerId, viewerId), findChannelView(db, viewerId, channelId)]);
      // The channel may have changed since it was set.
      if (row === undefined || isChatRow(row) || !isPersonal(row, userId)) return undefined;
      if (!mayDo(standingIn(row, member, clock.now()), 'view_messages')) return undefined;
      return { channelId, peerId, topMsgId: view?.top_msg_id ?? 0 };
    },
  };
}

/** Whether a user may show a channel as the own one. */
function isPersonal(row: ChannelRow, userId: bigint): boolean {
  return row.kind === 'broadcast' && isPublic(row) && row.creator_id === userId;
}
