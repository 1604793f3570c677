import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { ChannelMemberRow, ChannelRow, ChatMemberRow, ChatRow, Standing } from '../chats/index.ts';
import type { AccessHashes, UserRow } from '../peers/index.ts';

/** A user that the caller may use. */
export interface ResolvedUser {
  kind: 'user';
  userId: bigint;
  /** The marked id as stored in columns; for a user, the same as `userId`. */
  peerId: bigint;
  /** Whether the peer is the caller, so that the dialog is Saved Messages. */
  isSelf: boolean;
  row: UserRow;
}

/** A basic group that the caller is in or, for the calls that admit former members, was in. */
export interface ResolvedChat {
  kind: 'chat';
  /** As TL has it, not marked. */
  chatId: bigint;
  /** The marked id as stored in columns. */
  peerId: bigint;
  isSelf: false;
  row: ChatRow;
  /** The caller's row. */
  member: ChatMemberRow;
}

/** A supergroup or channel that the caller may read, or, for the calls that admit those, a discussion group of which the caller may read the comments only. */
export interface ResolvedChannel {
  kind: 'channel';
  /** As TL has it, not marked. */
  channelId: bigint;
  /** The marked id as stored in columns. */
  peerId: bigint;
  isSelf: false;
  row: ChannelRow;
  /** The caller's row; undefined if the caller has never been a member. */
  member: ChannelMemberRow | undefined;
  /** For a caller who is no member but may read the channel of this discussion group, in the calls that admit those; see {@link Standing.comments}. */
  comments?: Standing['comments'];
  /** Whether such a caller sees nothing else of the group, because it is private. */
  commentsOnly?: boolean;
}

/** A peer whose messages are in the caller's own box. */
export type BoxPeer = ResolvedUser | ResolvedChat;

/**
 * A peer that the caller may use. The rows come from caches, so they only decide what the caller is shown: code that writes reads them again
 * under the lock of the peer's counter.
 */
export type ResolvedPeer = ResolvedUser | ResolvedChat | ResolvedChannel;

/** Resolves a client's InputPeer and checks the right to use it. */
export type AccessInputPeer = (viewerId: bigint, input: tl.InputPeer) => Promise<ResolvedPeer>;

/**
 * Resolves the peer of an InputDialogPeer.
 * @throws RpcError 400 PEER_ID_INVALID for folders and communities, which are not peers, and the errors of `access`
 */
export async function accessDialogPeer(access: AccessInputPeer, viewerId: bigint, input: tl.InputDialogPeer): Promise<ResolvedPeer> {
  if (input._ !== 'inputDialogPeer') throw rpcError('PEER_ID_INVALID');
  return access(viewerId, input.peer);
}

/** The InputPeer by which the viewer can refer to a peer again, for what the server keeps for the viewer, such as folders and drafts. */
export function inputPeerOf(accessHashes: AccessHashes, viewerId: bigint, peer: ResolvedPeer): tl.InputPeer {
  switch (peer.kind) {
    case 'user':
      // The same for the viewer's own user: TDLib complains about `inputPeerSelf` in an answer.
      return { _: 'inputPeerUser', user_id: peer.userId, access_hash: accessHashes.of('user', viewerId, peer.userId) };
    case 'chat':
      return { _: 'inputPeerChat', chat_id: peer.chatId };
    case 'channel':
      return { _: 'inputPeerChannel', channel_id: peer.channelId, access_hash: accessHashes.of('channel', viewerId, peer.channelId) };
  }
}
