import type { tl } from '@mtcute/core';
import { readChat, readUser } from '../models/peer.ts';
import type { Store } from '../store/store.ts';

/** Takes over what an answer or update says of people, groups and channels. */
export function storePeers(store: Store, users: Iterable<tl.TypeUser>, chats: Iterable<tl.TypeChat>): void {
  for (const user of users) {
    if (user._ === 'user') store.setPeer(readUser(user, store.peers.get(user.id)));
  }
  for (const chat of chats) {
    const id = readChat(chat, undefined)?.id;
    const peer = id === undefined ? undefined : readChat(chat, store.peers.get(id));
    if (peer) store.setPeer(peer);
  }
}
