import type { Chat, PeerId } from '../../protocol/index.ts';
import type { Store } from './store.ts';

/** Whether a basic group became a supergroup that is in the list of chats. */
export function isContinued({ peers, chats }: Store, peer: PeerId): boolean {
  const { migratedTo } = peers.get(peer) ?? {};
  return migratedTo !== undefined && chats.has(migratedTo);
}

/** The chats without those basic groups whose supergroup is among them, so that no group is listed twice. */
export const listedChats = (store: Store): Chat[] => [...store.chats.values()].filter(({ peer }) => !isContinued(store, peer));
