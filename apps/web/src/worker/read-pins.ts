import type { Account } from './account.ts';

/** Reads which chats are pinned in the main list (0) or in the archive, and in which order. */
export async function readPins(account: Account, folderId: number): Promise<void> {
  const { dialogs } = await account.call({ _: 'messages.getPinnedDialogs', folderId });
  const order = dialogs.filter((dialog) => dialog._ === 'dialog').map(({ peer }) => ({ _: 'dialogPeer' as const, peer }));
  account.apply({ _: 'updatePinnedDialogs', folderId, order });
}
