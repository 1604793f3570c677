import { createHash } from 'node:crypto';

import { type GroupActing, type GroupOutcome, type Invitation, type ResolvedChannel, type ResolvedChat } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { Caller, RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { originOf, stepBox } from './origin.ts';

/** The caller, as who changes a basic group. */
export function actingIn(ctx: RpcContext, chatId: bigint): GroupActing {
  return { actorId: ctx.userId, chatId, origin: originOf(ctx) };
}

/**
 * Resolves an InputPeer that names a basic group or a channel.
 * @throws RpcError 400 PEER_ID_INVALID for people, and the errors of `accessInputPeer`
 */
export async function accessAnyGroup(ctx: RpcContext, input: tl.InputPeer): Promise<ResolvedChat | ResolvedChannel> {
  const peer = await ctx.domain.peers.accessInputPeer(ctx.userId, input);
  if (peer.kind === 'user') throw rpcError('PEER_ID_INVALID');
  return peer;
}

/** The answer to a change of a basic group. */
export async function answerGroup(ctx: RpcContext, { updates, notice }: GroupOutcome): Promise<tl.updates> {
  if (notice !== undefined) stepBox(ctx, notice.pts, 1);
  return ctx.domain.updates.projectAnswer(ctx.userId, updates);
}

/** The first layer that we know whose answer can say who was not added. */
export const MISSING_INVITEES_LAYER = 181;

/** The answer to a call that adds people. */
export async function answerInvitation(ctx: RpcContext, invitation: Invitation): Promise<tl.messages.invitedUsers> {
  return { _: 'messages.invitedUsers', updates: await answerGroup(ctx, invitation), missing_invitees: invitation.missing };
}

/** A random id for a call that carries none: a repeat of the call, which has the same message id in the same session, gets the same (rule S6, exactly once). */
export function randomIdOf({ permAuthKeyId, sessionId, msgId }: Caller): bigint {
  const hash = createHash('sha256').update(`${permAuthKeyId}:${sessionId}:${msgId}`).digest();
  return BigInt.asUintN(63, hash.readBigUInt64LE()) || 1n;
}
