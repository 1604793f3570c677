import { type CommandPlace, CommandScope, EVERYWHERE, type ResolvedPeer } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

type ResolvedGroup = Exclude<ResolvedPeer, { kind: 'user' }>;

/**
 * Resolves the chats that a bot names for a list of commands.
 * @throws RpcError 400 PEER_ID_INVALID for channels and for people in the scopes of groups, and as `accessInputPeer`
 */
async function accessPlace(ctx: RpcContext, scope: tl.BotCommandScope): Promise<CommandPlace> {
  const { peers } = ctx.domain;
  switch (scope._) {
    case 'botCommandScopeDefault':
      return EVERYWHERE;
    case 'botCommandScopeUsers':
      return { ...EVERYWHERE, scope: CommandScope.users };
    case 'botCommandScopeChats':
      return { ...EVERYWHERE, scope: CommandScope.chats };
    case 'botCommandScopeChatAdmins':
      return { ...EVERYWHERE, scope: CommandScope.chatAdmins };
    case 'botCommandScopePeer': {
      const peer = await peers.accessInputPeer(ctx.userId, scope.peer);
      if (peer.isSelf || (peer.kind === 'channel' && peer.row.kind === 'broadcast')) throw rpcError('PEER_ID_INVALID');
      return { scope: CommandScope.peer, peerId: peer.peerId, userId: 0n };
    }
    case 'botCommandScopePeerAdmins':
      return { scope: CommandScope.peerAdmins, peerId: (await accessGroup(ctx, scope.peer)).peerId, userId: 0n };
    case 'botCommandScopePeerUser': {
      const group = await accessGroup(ctx, scope.peer);
      return { scope: CommandScope.peerUser, peerId: group.peerId, userId: await accessMemberId(ctx, group, scope.user_id) };
    }
  }
}

async function accessGroup(ctx: RpcContext, input: tl.InputPeer): Promise<ResolvedGroup> {
  const peer = await ctx.domain.peers.accessInputPeer(ctx.userId, input);
  if (peer.kind === 'user' || (peer.kind === 'channel' && peer.row.kind === 'broadcast')) throw rpcError('PEER_ID_INVALID');
  return peer;
}

/** A bot may name members of a group that it is in by the id alone, also if it knows them from nowhere else. */
async function accessMemberId(ctx: RpcContext, { peerId, member }: ResolvedGroup, input: tl.InputUser): Promise<bigint> {
  const { chats, peers } = ctx.domain;
  const isTogether = input._ === 'inputUser' && member?.status === 'member' && (await chats.findMember(peerId, input.user_id))?.status === 'member';
  return isTogether ? input.user_id : (await peers.accessInputUser(ctx.userId, input)).user_id;
}

/** Resolves which list of commands a request is about. Throws as {@link accessPlace}. */
export async function accessCommandList(ctx: RpcContext, req: { scope: tl.BotCommandScope; lang_code: string }): Promise<{ place: CommandPlace; langCode: string }> {
  return { place: await accessPlace(ctx, req.scope), langCode: req.lang_code };
}
