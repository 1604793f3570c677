import type { tl } from '@mtcute/core';
import type { FormerChat, PeerId } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { groupPeer } from './models/ids.ts';

/** Reads which basic group a supergroup was. Pure. */
export function readFormer({ migratedFromChatId, migratedFromMaxId }: Pick<tl.RawChannelFull, 'migratedFromChatId' | 'migratedFromMaxId'>): FormerChat | 'none' {
  return migratedFromChatId === undefined || migratedFromMaxId === undefined ? 'none' : { peer: groupPeer(migratedFromChatId.toNumber()), upTo: migratedFromMaxId };
}

/** The basic group from which a supergroup was made, as far as it is known. Pure. */
export function knownFormer({ store }: Account, peer: PeerId): FormerChat | undefined {
  const former = store.peers.get(peer)?.former;
  return former === 'none' ? undefined : former;
}

/** The supergroup that a basic group became, if its history begins with the messages of that group. Pure. */
export function continuationOf({ store }: Account, peer: PeerId): PeerId | undefined {
  const { migratedTo } = store.peers.get(peer) ?? {};
  const former = migratedTo === undefined ? undefined : store.peers.get(migratedTo)?.former;
  return former !== undefined && former !== 'none' && former.peer === peer ? migratedTo : undefined;
}

/** The basic group from which a supergroup was made. Asks the server if that is not known yet. @returns undefined if it was none, or the account has no message of it */
export async function findFormer(account: Account, peer: PeerId): Promise<FormerChat | undefined> {
  const { store } = account;
  const known = store.peers.get(peer);
  if (known?.kind === 'supergroup' && known.former === undefined && known.isMember) {
    const channel = await account.inputChannel(peer);
    // Without an answer the history is that of the supergroup alone, until somebody comes to its beginning again.
    const full = await account.call({ _: 'channels.getFullChannel', channel }).catch(() => undefined);
    if (full?.fullChat._ === 'channelFull') store.setPeer({ ...(store.peers.get(peer) ?? known), former: readFormer(full.fullChat) });
  }
  return knownFormer(account, peer);
}
