import type { tl } from '@mtcute/core';
import type { PeerId } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { refusalOf } from './refusal.ts';

/** Changes a setting of a group or channel, and lets the open views read its details anew. A setting that is so already is no error: it may be a repeat. */
export async function changeSetting(account: Account, peer: PeerId, request: tl.RpcMethod): Promise<void> {
  try {
    await account.change(request);
  } catch (error) {
    if (!refusalOf(error).code.endsWith('_NOT_MODIFIED')) throw error;
  }
  account.store.noteDetails(peer);
}
