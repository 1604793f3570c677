import { isMarkedChannel, markPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { ALL_ADMIN_RIGHTS, AdminRight, ChannelFlag, type ChannelMemberRow, type ChannelRow, insertChannel, isForum, nextChannelId, plainMember } from '../chats/index.ts';
import { checkTtlPeriod, followChannel } from '../dialogs/index.ts';
import { channelIdOf, MessageFlag, type Origin, packMessageExtra, type PostRow } from '../events/index.ts';
import { checkedGroupAbout, checkedTitle } from '../groups/index.ts';
import { projectTtl } from '../messages/index.ts';
import { checkMayCreate } from '../moderation/index.ts';
import { beginForum, type ChannelChangeDeps, checkChannelCount, findPostKeys, findPosts, insertPosts, saveCreationKey } from '../channel-state/index.ts';

/** A channel to create. */
export interface NewChannel {
  creatorId: bigint;
  kind: 'broadcast' | 'megagroup';
  /** Whether a supergroup has topics from its beginning on. */
  forum?: boolean;
  title: string;
  about: string;
  /** Seconds after which messages are deleted; 0: never. */
  ttlPeriod: number;
  /** The same for a repeat of the same call, so that it creates no second channel; not 0. */
  randomId: bigint;
  origin: Origin;
}

/** What the creator of a channel is told. */
export interface CreatedChannel {
  /** The first message of the channel. */
  first: PostRow;
  updates: tl.Update[];
}

/**
 * Creates a channel with its first message. A repeat with the same `randomId` returns what the first call created.
 * @throws RpcError 400 CHAT_TITLE_EMPTY, CHAT_ABOUT_TOO_LONG, TTL_PERIOD_INVALID, CHANNELS_TOO_MUCH, RANDOM_ID_DUPLICATE for a repeat after the first message was
 * deleted
 */
export async function doCreateChannel(deps: ChannelChangeDeps & { homeDcId: number; channelsPerUserMax: number }, channel: NewChannel): Promise<CreatedChannel> {
  const title = checkedTitle(channel.title);
  const about = checkedGroupAbout(channel.about);
  checkTtlPeriod(channel.ttlPeriod);
  const { creatorId, randomId, origin } = channel;
  // If the id turns out not to be needed, it is never used.
  const channelId = await nextChannelId(deps.db.q, deps.homeDcId);
  const peerId = markPeer({ _: 'peerChannel', channel_id: channelId });
  return deps.db.transact('create-channel', (tx) =>
    deps.withBoxes(tx, [peerId, creatorId], async (boxes, date) => {
      const earlier = await findCreated(tx, creatorId, randomId);
      if (earlier !== undefined) return { first: earlier, updates: [] };
      await checkMayCreate(tx, creatorId, channel.kind === 'broadcast' ? 'channels' : 'groups', date);
      await checkChannelCount(tx, creatorId, [creatorId], deps.channelsPerUserMax);
      const row = newRow(channelId, { ...channel, title, about }, date);
      // Registered before the hints are published, because the channel is projected along with the events.
      tx.afterCommit(() => deps.chats.chatChanged(peerId, [creatorId]));
      await insertChannel(tx, row, [newCreator(row)]);
      if (isForum(row)) await beginForum(tx, row, { msgId: 1, ordinal: 1 });
      const first = boxes.addPost(
        peerId,
        {
          text: '',
          extra: packMessageExtra({ action: { _: 'messageActionChannelCreate', title } }),
          flags: channel.kind === 'broadcast' ? MessageFlag.service | MessageFlag.post : MessageFlag.service,
          reply_to_msg_id: null,
          from_id: channel.kind === 'broadcast' ? peerId : creatorId,
          poster_id: creatorId,
          signature: null,
          ordinal: 1,
          date,
          edit_date: null, top_id: null, top_ordinal: null,
          ttl_period: null,
        },
        origin,
      );
      insertPosts(tx, { channelId, rows: [first], sent: [], slowModeUntil: 0 });
      await saveCreationKey(tx, randomId, first);
      await followChannel(tx, { peerId, date, pts: 1 }, [{ userId: creatorId, readMaxId: first.msg_id, readOrdinal: 1, ownAtRead: 1 }]);
      const updates: tl.Update[] = [{ _: 'updateChannel', channel_id: channelId }];
      if (row.ttl_period !== null) updates.push(projectTtl(peerId, row.ttl_period));
      boxes.addLoose(creatorId, date, origin, updates);
      return { first, updates };
    }),
  );
}

/** The first message of the channel that an earlier call with the same random id has created; undefined if there was none. */
async function findCreated(tx: Tx, creatorId: bigint, randomId: bigint): Promise<PostRow | undefined> {
  const [key] = await findPostKeys(tx, creatorId, [randomId]);
  if (key === undefined) return undefined;
  if (!isMarkedChannel(key.peerId)) throw rpcError('RANDOM_ID_DUPLICATE');
  const posts = await findPosts(tx.q, channelIdOf(key.peerId), [key.msgId]);
  const first = posts.get(key.msgId);
  if (first === undefined) throw rpcError('RANDOM_ID_DUPLICATE');
  return first;
}

function newRow(channel_id: bigint, { creatorId, kind, forum = false, title, about, ttlPeriod }: NewChannel, date: number): ChannelRow {
  return {
    channel_id,
    kind,
    title,
    about,
    username: null,
    creator_id: creatorId,
    date,
    version: 1,
    flags: kind === 'megagroup' && forum ? ChannelFlag.forum : 0,
    default_rights: 0,
    slow_mode_seconds: 0,
    ttl_period: ttlPeriod === 0 ? null : ttlPeriod,
    migrated_from_chat_id: null,
    color: null,
    profile_color: null,
    emoji_status_id: null,
    emoji_status_until: null,
    color_emoji_id: null,
    profile_color_emoji_id: null,
    sticker_set_id: null,
    emoji_set_id: null,
    main_tab: null,
    photo_id: null,
    photo_stripped: null,
    photo_has_video: false,
    available_reactions: null,
    linked_chat_id: null,
    link_number: 0,
    reactions_limit: null,
    verified: false,
    scam: false,
    fake: false,
    restriction_reason: null,
    restriction_text: null,
    members: 1,
    bots: 0,
  };
}

function newCreator({ channel_id, creator_id: user_id, date }: ChannelRow): ChannelMemberRow {
  return { ...plainMember(channel_id, user_id, date), status: 'member', role: 'creator', admin_rights: ALL_ADMIN_RIGHTS & ~AdminRight.anonymous };
}
