import type { PeerId, UnixTime } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { changeNotify } from './change-notify.ts';

/** Mutes a chat. @param until 0 lets it make itself heard again */
export async function muteChat(account: Account, peer: PeerId, until: UnixTime): Promise<void> {
  await changeNotify(account, { _: 'inputNotifyPeer', peer: await account.inputPeer(peer) }, { muteUntil: until });
  account.store.changeChat(peer, () => ({ mutedUntil: until }));
}
