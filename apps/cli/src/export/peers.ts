import type { tl } from '@aerogram/tl';

/** The users and chats that answers have named, for their names and to name them in requests. */
export class KnownPeers {
  readonly #users = new Map<bigint, tl.user>();
  readonly #chats = new Map<bigint, Exclude<tl.Chat, tl.chatEmpty>>();

  /** Takes what an answer names. */
  add({ users, chats }: { users: readonly tl.User[]; chats: readonly tl.Chat[] }): void {
    for (const user of users) if (user._ === 'user') this.#users.set(user.id, user);
    for (const chat of chats) if (chat._ !== 'chatEmpty') this.#chats.set(chat.id, chat);
  }

  /** The name of a peer, or what is known of it. */
  nameOf(peer: tl.Peer): string {
    if (peer._ !== 'peerUser') return this.#chats.get(peer._ === 'peerChat' ? peer.chat_id : peer.channel_id)?.title ?? 'Unknown chat';
    const user = this.#users.get(peer.user_id);
    return [user?.first_name, user?.last_name].filter(Boolean).join(' ') || (user?.deleted === true ? 'Deleted account' : `Account ${peer.user_id}`);
  }

  /** The peer as requests name it; undefined if no answer has named it. */
  inputOf(peer: tl.Peer): tl.InputPeer | undefined {
    if (peer._ === 'peerChat') return { _: 'inputPeerChat', chat_id: peer.chat_id };
    if (peer._ === 'peerUser') {
      const user = this.#users.get(peer.user_id);
      return user?.access_hash === undefined ? undefined : { _: 'inputPeerUser', user_id: user.id, access_hash: user.access_hash };
    }
    const chat = this.#chats.get(peer.channel_id);
    return chat?._ === 'channel' && chat.access_hash !== undefined ? { _: 'inputPeerChannel', channel_id: chat.id, access_hash: chat.access_hash } : undefined;
  }
}

/** How names of files in an export begin that are about a peer, such as `user17`. */
export function fileNameOf(peer: tl.Peer): string {
  if (peer._ === 'peerUser') return `user${peer.user_id}`;
  return peer._ === 'peerChat' ? `group${peer.chat_id}` : `channel${peer.channel_id}`;
}
