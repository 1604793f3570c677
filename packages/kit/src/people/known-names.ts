import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

/** Somebody who writes messages. */
export interface Author {
  id: string;
  name: string;
  username?: string | undefined;
}

/** The names that came with an answer. */
export class KnownNames {
  readonly #authors = new Map<bigint, Author>();

  constructor({ users, chats }: { users: readonly tl.User[]; chats: readonly tl.Chat[] }) {
    for (const user of users) if (user._ === 'user') this.#add(user.id, [user.first_name, user.last_name].filter(Boolean).join(' ') || 'Deleted Account', user.username);
    for (const chat of chats) {
      if (chat._ === 'channel') this.#add(markPeer({ _: 'peerChannel', channel_id: chat.id }), chat.title, chat.username);
      else if (chat._ === 'chat') this.#add(markPeer({ _: 'peerChat', chat_id: chat.id }), chat.title, undefined);
    }
  }

  /** The author with this name; one without a name if it did not come along. */
  of(peer: tl.Peer): Author {
    const id = markPeer(peer);
    return this.#authors.get(id) ?? { id: String(id), name: '' };
  }

  #add(id: bigint, name: string, username: string | undefined): void {
    this.#authors.set(id, { id: String(id), name, ...(username === undefined ? {} : { username }) });
  }
}
