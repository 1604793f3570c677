import type { tl } from '@mtcute/core';
import type { PeerId, UnixTime } from '../protocol/index.ts';
import type { Account } from './account.ts';

/** Mutes a chat. @param until 0 lets it make itself heard again */
export async function muteChat(account: Account, peer: PeerId, until: UnixTime): Promise<void> {
  const input: tl.TypeInputNotifyPeer = { _: 'inputNotifyPeer', peer: await account.inputPeer(peer) };
  // What is not said anew falls back to the defaults.
  const { showPreviews, silent, otherSound } = await account.call({ _: 'account.getNotifySettings', peer: input });
  await account.call({ _: 'account.updateNotifySettings', peer: input, settings: { _: 'inputPeerNotifySettings', showPreviews, silent, sound: otherSound, muteUntil: until } });
  account.store.changeChat(peer, () => ({ mutedUntil: until }));
}
