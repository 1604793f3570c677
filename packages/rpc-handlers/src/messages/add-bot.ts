import type { ResolvedPeer, UserRow } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { actingAs, answerChannel } from '../channels/channel-call.ts';
import { actingIn, answerGroup } from '../group-call.ts';

/**
 * Adds a bot to a group, as people are added.
 * @returns undefined if it is a member already, as for a repeated call
 * @throws RpcError 403 USER_PRIVACY_RESTRICTED, and as the methods that add people
 */
export async function addBot(ctx: RpcContext, peer: Exclude<ResolvedPeer, { kind: 'user' }>, bot: UserRow): Promise<tl.updates | undefined> {
  const { chats, channels, groups } = ctx.domain;
  if ((await chats.findMember(peer.peerId, bot.user_id))?.status === 'member') return undefined;
  if (peer.kind === 'chat') {
    const invitation = await groups.doAddUser(actingIn(ctx, peer.chatId), bot, 0);
    if (invitation.missing.length > 0) throw rpcError('USER_PRIVACY_RESTRICTED');
    return answerGroup(ctx, invitation);
  }
  const invitation = await channels.at(peer.channelId).members.doInvite(actingAs(ctx), [bot]);
  if (invitation.missing.length > 0) throw rpcError('USER_PRIVACY_RESTRICTED');
  return answerChannel(ctx, peer.peerId, invitation);
}

/** One answer with the updates of two. Of a peer that both name, it has what the later one says. */
export function joinAnswers(first: tl.updates, second: tl.updates): tl.updates {
  const byId = <T extends { id: bigint }>(peers: readonly T[]): T[] => [...new Map(peers.map((peer) => [peer.id, peer])).values()];
  return { ...second, updates: [...first.updates, ...second.updates], users: byId([...first.users, ...second.users]), chats: byId([...first.chats, ...second.chats]) };
}
