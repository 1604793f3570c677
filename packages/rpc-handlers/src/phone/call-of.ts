import type { CallDevice, CallRef, CallRow } from '@aerogram/domain';
import { PeerSet } from '@aerogram/domain';
import type { MethodLimits, RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** Limits of what devices say about how they can talk. */
export const PROTOCOL_LIMITS: MethodLimits = {
  vectors: { 'protocol.library_versions': { max: 64, error: 'CALL_PROTOCOL_FLAGS_INVALID' } },
  strings: { 'protocol.library_versions': { max: 64, error: 'CALL_PROTOCOL_FLAGS_INVALID' } },
  bytes: { g_a_hash: { max: 32, error: 'SHA256_HASH_INVALID' }, g_a: { max: 256, error: 'DH_G_A_INVALID' }, g_b: { max: 256, error: 'DH_G_A_INVALID' } },
};

/** The device that calls a method. */
export function deviceOf({ userId, caller }: RpcContext): CallDevice {
  return { userId, authKeyId: caller.permAuthKeyId };
}

/** The call that a request names. */
export function refOf({ id, access_hash }: tl.InputPhoneCall): CallRef {
  return { callId: id, accessHash: access_hash };
}

/** A call as the device sees it now, with the people in it. */
export async function answerCall(ctx: RpcContext, row: CallRow): Promise<tl.phone.phoneCall> {
  const { calls, projectPeers } = ctx.domain;
  const { users } = await projectPeers(ctx.userId, new PeerSet([row.owner_id, row.peer_id]));
  return { _: 'phone.phoneCall', phone_call: calls.project(row, ctx.caller.permAuthKeyId), users };
}
