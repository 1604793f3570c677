import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';

import type { CallRow } from './call-row.ts';
import { findCall } from './call-store.ts';

/** Names a call in the request of a device. */
export interface CallRef {
  callId: bigint;
  accessHash: bigint;
}

/** The side of a user of the call that they name. @throws RpcError 400 CALL_PEER_INVALID */
export async function accessCall(db: Pick<Database, 'run'>, userId: bigint, { callId, accessHash }: CallRef): Promise<CallRow> {
  const row = await findCall(db, userId, callId);
  if (row?.access_hash !== accessHash) throw rpcError('CALL_PEER_INVALID');
  return row;
}
