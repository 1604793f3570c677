import type { tl } from '@mtcute/core';
import type { Account } from './account.ts';

/** How often pins are read while they keep changing. */
const TURNS_MAX = 5;

/** The pinned chats of both lists with their places, as a text that differs when any of them has changed. */
const pinsOf = ({ store }: Account): string => JSON.stringify([...store.chats.values()].filter(({ pinned }) => pinned !== undefined).map(({ peer, pinned }) => [peer, pinned]));

/** Reads which chats are pinned in the main list (0) or in the archive, and in which order. */
export async function readPins(account: Account, folderId: number): Promise<void> {
  let before: string;
  let dialogs: tl.TypeDialog[];
  let turns = 0;
  // An update that comes during a call may be newer than the answer, so they are read again.
  do {
    before = pinsOf(account);
    ({ dialogs } = await account.call({ _: 'messages.getPinnedDialogs', folderId }));
  } while (pinsOf(account) !== before && ++turns < TURNS_MAX);
  const order = dialogs.filter((dialog) => dialog._ === 'dialog').map(({ peer }) => ({ _: 'dialogPeer' as const, peer }));
  account.apply({ _: 'updatePinnedDialogs', folderId, order });
}
