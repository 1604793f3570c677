import type { tl } from '@mtcute/core';
import type { Account } from './account.ts';

/** Changes notification settings of a chat, a topic or a kind of chats, and leaves the others as they are: servers set what a change leaves out to its default. */
export async function changeNotify(account: Account, peer: tl.TypeInputNotifyPeer, change: Omit<tl.RawInputPeerNotifySettings, '_'>): Promise<void> {
  const { showPreviews, silent, muteUntil, otherSound: sound } = await account.call({ _: 'account.getNotifySettings', peer });
  await account.call({ _: 'account.updateNotifySettings', peer, settings: { _: 'inputPeerNotifySettings', showPreviews, silent, muteUntil, sound, ...change } });
}
