import type { PeerId } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { Refused } from './refusal.ts';

/** Makes a supergroup of a basic group, in which every admin would have all rights. @returns the supergroup */
export async function migrateGroup(account: Account, peer: PeerId): Promise<PeerId> {
  await account.change({ _: 'messages.migrateChat', chatId: -peer });
  const supergroup = account.store.peers.get(peer)?.migratedTo;
  if (supergroup === undefined) throw new Refused({ code: 'INTERNAL' });
  return supergroup;
}
