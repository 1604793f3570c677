import { isIdInBounds, markPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import { type ChannelMemberRow, type ChatMemberRow, type Chats, checkRight, isChatRow, seesCommentsOnly, standingIn } from '../chats/index.ts';
import type { AccessHashes, UserRow } from '../peers/index.ts';
import type { NamesPeer } from './access-user.ts';
import type { ResolvedChannel, ResolvedChat } from './resolved-peer.ts';

/** What the access functions for basic groups and channels need. */
export interface AccessChatDeps {
  accessHashes: AccessHashes;
  chats: Pick<Chats, 'findRow' | 'findMember' | 'findStanding'>;
  users: { findRow(userId: bigint): Promise<UserRow | undefined> };
  clock: Pick<Clock, 'now'>;
  namesPeer: NamesPeer;
}

/** The forms in which clients refer to channels. */
type ChannelReference = tl.InputChannel | tl.inputPeerChannel | tl.inputPeerChannelFromMessage;

/** Resolves basic groups and channels in client requests to rows and checks that the caller may see them. */
export interface AccessChat {
  /**
   * Resolves a basic group for its members.
   * @param chatId as TL has it, not marked
   * @throws RpcError 400 CHAT_ID_INVALID, 403 CHAT_WRITE_FORBIDDEN for former members
   */
  accessChat(viewerId: bigint, chatId: bigint): Promise<ResolvedChat>;
  /**
   * Same as {@link AccessChat.accessChat}, but also for former members, who still have the messages of the group in their own box. For calls about what is the
   * caller's own: those messages, the place in the list of chats, settings.
   * @throws RpcError 400 CHAT_ID_INVALID
   */
  accessChatOrFormer(viewerId: bigint, chatId: bigint): Promise<ResolvedChat>;
  /**
   * Resolves a channel for those who may read it: its members, and everybody if it is public, except those who were banned from it. The access
   * hash is checked before anything is read (rule P21, access hashes).
   * @throws RpcError 400 CHANNEL_INVALID (no such channel, empty reference, wrong hash), CHANNEL_PRIVATE (no access), MSG_ID_INVALID
   */
  accessInputChannel(viewerId: bigint, input: ChannelReference): Promise<ResolvedChannel>;
  /**
   * Same as {@link AccessChat.accessInputChannel}, but also for those who may read the channel of a private discussion group, and so the comments of its posts. For
   * calls about such comments only, which must check that the messages in question are comments.
   */
  accessInputChannelOrCommented(viewerId: bigint, input: ChannelReference): Promise<ResolvedChannel>;
}

/** Creates the access functions for the basic groups and channels of this data centre. */
export function createAccessChat({ accessHashes, chats, users, clock, namesPeer }: AccessChatDeps): AccessChat {
  /** Bots need no access hash for the channels that they are in: a program may know nothing of them but the id. */
  const isKnownToBot = async (viewerId: bigint, channelId: bigint): Promise<boolean> => {
    if (!isIdInBounds('channel', channelId) || (await users.findRow(viewerId))?.bot !== true) return false;
    return (await chats.findMember(markPeer({ _: 'peerChannel', channel_id: channelId }), viewerId))?.status === 'member';
  };

  const checkKnown = async (viewerId: bigint, input: ChannelReference): Promise<bigint> => {
    switch (input._) {
      case 'inputChannelEmpty':
        throw rpcError('CHANNEL_INVALID');
      case 'inputChannel':
      case 'inputPeerChannel':
        if (!accessHashes.matches('channel', viewerId, input.channel_id, input.access_hash) && !(input.access_hash === 0n && (await isKnownToBot(viewerId, input.channel_id)))) throw rpcError('CHANNEL_INVALID');
        return input.channel_id;
      case 'inputChannelFromMessage':
      case 'inputPeerChannelFromMessage': {
        if (!isIdInBounds('channel', input.channel_id)) throw rpcError('CHANNEL_INVALID');
        const markedId = markPeer({ _: 'peerChannel', channel_id: input.channel_id });
        if (!(await namesPeer(viewerId, input.peer, input.msg_id, markedId))) throw rpcError('MSG_ID_INVALID');
        return input.channel_id;
      }
    }
  };

  const accessChatOrFormer: AccessChat['accessChatOrFormer'] = async (viewerId, chatId) => {
    // A number beyond the bounds could be the marked id of another kind of peer.
    if (!isIdInBounds('chat', chatId)) throw rpcError('CHAT_ID_INVALID');
    const peerId = markPeer({ _: 'peerChat', chat_id: chatId });
    const [row, member] = await Promise.all([chats.findRow(peerId), chats.findMember(peerId, viewerId)]);
    if (row === undefined || !isChatRow(row) || member === undefined) throw rpcError('CHAT_ID_INVALID');
    // By a marked id of a basic group only members of basic groups are found.
    return { kind: 'chat', chatId, peerId, isSelf: false, row, member: member as ChatMemberRow };
  };

  const find = async (viewerId: bigint, input: ChannelReference): Promise<ResolvedChannel> => {
    const channelId = await checkKnown(viewerId, input);
    const peerId = markPeer({ _: 'peerChannel', channel_id: channelId });
    const [row, member] = await Promise.all([chats.findRow(peerId), chats.findMember(peerId, viewerId)]);
    if (row === undefined || isChatRow(row)) throw rpcError('CHANNEL_INVALID');
    // By a marked id of a channel only members of channels are found.
    return { kind: 'channel', channelId, peerId, isSelf: false, row, member: member as ChannelMemberRow | undefined };
  };

  const accessChannel = async (viewerId: bigint, { row, member, ...found }: ResolvedChannel): Promise<ResolvedChannel> => {
    const standing = standingIn(row, member, clock.now());
    checkRight(standing, 'view_messages');
    // Privacy mode would mean nothing if a bot could read a public group without being in it.
    if (standing.status !== 'member' && row.kind !== 'broadcast' && (await users.findRow(viewerId))?.bot === true) throw rpcError('CHANNEL_PRIVATE');
    return { ...found, row, member };
  };

  return {
    accessChatOrFormer,
    async accessChat(viewerId, chatId) {
      const chat = await accessChatOrFormer(viewerId, chatId);
      if (chat.member.status !== 'member') throw rpcError('CHAT_WRITE_FORBIDDEN');
      return chat;
    },
    accessInputChannel: async (viewerId, input) => accessChannel(viewerId, await find(viewerId, input)),
    async accessInputChannelOrCommented(viewerId, input) {
      const found = await find(viewerId, input);
      const standing = await chats.findStanding(viewerId, found.row, found.member);
      const { comments } = standing;
      return comments === undefined ? accessChannel(viewerId, found) : { ...found, comments, commentsOnly: seesCommentsOnly(standing) };
    },
  };
}
