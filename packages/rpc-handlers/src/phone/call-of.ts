import type { CallRef, CallRow } from '@aerogram/domain';
import { PeerSet } from '@aerogram/domain';
import type { MethodLimits, RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** Most bytes of what a device shows of its half of the key, by the field of the request. */
const SHOWN = { g_a_hash: { max: 32, error: 'SHA256_HASH_INVALID' }, g_a: { max: 256, error: 'DH_G_A_INVALID' }, g_b: { max: 256, error: 'DH_G_A_INVALID' } } as const;

/** Limits of what devices say about how they can talk, and of their half of the key. */
export function limitsOfOffer(shown: keyof typeof SHOWN): MethodLimits {
  const versions = { 'protocol.library_versions': { max: 64, error: 'CALL_PROTOCOL_FLAGS_INVALID' } } as const;
  return { vectors: versions, strings: versions, bytes: { [shown]: SHOWN[shown] } };
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
