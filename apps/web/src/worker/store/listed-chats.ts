import type { Chat, PeerId } from '../../protocol/index.ts';
import { isChannel } from '../models/ids.ts';
import type { Store } from './store.ts';

/** Whether a chat is kept out of the list: a basic group that became a supergroup which is in the list, or a supergroup or channel that was looked at and not joined. */
export function isUnlisted({ peers, chats }: Store, id: PeerId): boolean {
  const peer = peers.get(id);
  if (isChannel(id) && peer?.isMember === false) return true;
  return peer?.migratedTo !== undefined && chats.has(peer.migratedTo);
}

/** The chats that are listed: no group stands there twice. */
export const listedChats = (store: Store): Chat[] => [...store.chats.values()].filter(({ peer }) => !isUnlisted(store, peer));
