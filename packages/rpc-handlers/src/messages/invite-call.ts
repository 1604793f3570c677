import { type EntryOutcome, hashOfInviteLink, type InviteRow, PeerSet, projectInvite } from '@aerogram/domain';
import type { Domain } from '@aerogram/domain';
import { RpcError, rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessAnyGroup } from '../group-call.ts';
import { originOf, stepBox } from '../origin.ts';

/** The links of the group or channel that an InputPeer names. Throws as {@link accessAnyGroup}. */
export async function accessInvites(ctx: RpcContext, input: tl.InputPeer): Promise<ReturnType<Domain['invites']['at']>> {
  const { peerId } = await accessAnyGroup(ctx, input);
  return ctx.domain.invites.at(peerId);
}

/**
 * The id of an admin whose links a request names. Clients may name themselves.
 * @throws RpcError 400 ADMIN_ID_INVALID
 */
export async function accessInvitingAdmin(ctx: RpcContext, input: tl.InputUser): Promise<bigint> {
  try {
    return (await ctx.domain.peers.accessInputUser(ctx.userId, input)).user_id;
  } catch (error) {
    if (error instanceof RpcError && error.code === 400) throw rpcError('ADMIN_ID_INVALID');
    throw error;
  }
}

/** The caller, as the one who changes links. */
export function actingOnInvites(ctx: RpcContext): { actorId: bigint; origin: ReturnType<typeof originOf> } {
  return { actorId: ctx.userId, origin: originOf(ctx) };
}

/** The hash of a link that a request may name. */
export function optionalHash(link: string | undefined): string | undefined {
  return link === undefined || link === '' ? undefined : hashOfInviteLink(link);
}

/** The users that an answer about links names. */
export async function projectNamedUsers(ctx: RpcContext, objects: readonly tl.AnyObject[]): Promise<tl.User[]> {
  const peers = new PeerSet();
  for (const object of objects) peers.addObject(object);
  return (await ctx.domain.projectPeers(ctx.userId, peers)).users;
}

/** The answer about one link. @param replacement the permanent link that takes its place */
export async function answerInvite(ctx: RpcContext, row: InviteRow, replacement?: InviteRow): Promise<tl.messages.ExportedChatInvite> {
  const invite = projectInvite(row);
  if (replacement === undefined) return { _: 'messages.exportedChatInvite', invite, users: await projectNamedUsers(ctx, [invite]) };
  const new_invite = projectInvite(replacement);
  return { _: 'messages.exportedChatInviteReplaced', invite, new_invite, users: await projectNamedUsers(ctx, [invite, new_invite]) };
}

/** The answer to a call by which people come in. */
export function answerEntry(ctx: RpcContext, { peerId, updates, step, notice }: EntryOutcome): Promise<tl.updates> {
  if (step !== undefined) ctx.boxStep({ owner: peerId, ...step });
  if (notice !== undefined) stepBox(ctx, notice.pts, 1);
  return ctx.domain.updates.projectAnswer(ctx.userId, updates, [peerId]);
}
