import type { tl } from '@mtcute/core';
import type { OfferedFolder, PeerId } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { type FolderRule, readFolders } from '../models/folder.ts';
import { peerIdOf } from '../models/ids.ts';

/** Finds out which folder a link offers, and what of it the account has already. */
export async function checkFolderLink(account: Account, slug: string): Promise<OfferedFolder> {
  const offered = await account.call({ _: 'chatlists.checkChatlistInvite', slug });
  if (offered._ === 'chatlists.chatlistInvite') return { slug, title: offered.title.text, missing: offered.peers.map(peerIdOf), already: [] };
  const id = offered.filterId;
  return { slug, ownId: id, title: await findTitle(account, id), missing: offered.missingPeers.map(peerIdOf), already: offered.alreadyPeers.map(peerIdOf) };
}

/** The server does not repeat what the account's own folder is called. A link that was opened with the page comes before the folders are loaded. */
async function findTitle(account: Account, id: number): Promise<string> {
  const isAsked = (rule: FolderRule): boolean => rule.id === id;
  const known = account.store.facts.folders.find(isAsked) ?? readFolders((await account.call({ _: 'messages.getDialogFilters' })).filters, account.me).find(isAsked);
  return known?.title ?? '';
}

/** Joins chats that a link offers. @returns the folder in which they are now */
export async function joinFolder(account: Account, slug: string, peers: PeerId[]): Promise<number | undefined> {
  const inputs = await Promise.all(peers.map((peer) => account.inputPeer(peer)));
  const answer = await account.change({ _: 'chatlists.joinChatlistInvite', slug, peers: inputs });
  account.refresh.refreshChats(peers);
  const updates: tl.TypeUpdate[] = 'updates' in answer ? answer.updates : [];
  return updates.find((update) => update._ === 'updateDialogFilter')?.id;
}
