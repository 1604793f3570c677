import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { chatIdOf, type ChatKind, kindOf, peerOf, projectChat } from './chat-object.ts';
import { type JsonObject } from './json-object.ts';
import { ANONYMOUS_ADMIN, CHANNEL_AUTHOR, projectUser, SERVICE_USERS } from './user-object.ts';

/** The users and chats that came with an answer or with updates. */
export class KnownPeers {
  /** By marked id. */
  readonly #peers = new Map<bigint, tl.User | tl.Chat>();

  constructor(...sources: readonly { users: readonly tl.User[]; chats?: readonly tl.Chat[] }[]) {
    for (const { users, chats = [] } of sources) this.add(users, chats);
  }

  /** Adds what another answer brought. */
  add(users: readonly tl.User[], chats: readonly tl.Chat[] = []): void {
    for (const one of [...users, ...chats]) {
      const peer = peerOf(one);
      if (peer !== undefined) this.#peers.set(markPeer(peer), one);
    }
  }

  /** The user or chat; undefined if it did not come along. */
  find(peer: tl.Peer): tl.User | tl.Chat | undefined {
    return this.#peers.get(markPeer(peer));
  }

  /** Whether the user came along. */
  hasUser(id: bigint): boolean {
    return this.#peers.has(id);
  }

  /** The User object; one without a name if the user did not come along. */
  user(id: bigint): JsonObject {
    const found = this.#peers.get(id);
    if (found?._ === 'user') return projectUser(found);
    return SERVICE_USERS.find((user) => user.id === Number(id)) ?? projectUser({ _: 'userEmpty', id });
  }

  /** The User object of an author in a group. Authors who write on behalf of the group or of a channel have the User object of a service account. */
  author(peer: tl.Peer, chat: tl.Peer): JsonObject {
    if (peer._ === 'peerUser') return this.user(peer.user_id);
    return markPeer(peer) === markPeer(chat) ? ANONYMOUS_ADMIN : CHANNEL_AUTHOR;
  }

  /** The Chat object; one without a name if the chat did not come along. */
  chat(peer: tl.Peer): JsonObject {
    const found = this.find(peer);
    if (found !== undefined) return projectChat(found);
    if (peer._ === 'peerUser') return projectChat({ _: 'userEmpty', id: peer.user_id });
    return { id: chatIdOf(peer), type: this.kind(peer), title: '' };
  }

  /** The kind of a chat. Of a channel that did not come along it is assumed that it is a supergroup. */
  kind(peer: tl.Peer): ChatKind {
    const found = this.find(peer);
    if (found !== undefined) return kindOf(found);
    if (peer._ === 'peerUser') return 'private';
    return peer._ === 'peerChat' ? 'group' : 'supergroup';
  }

  /** The channel as calls name it. Bots need no access hash for channels that they are members of. */
  inputChannel(channelId: bigint): tl.inputChannel {
    const found = this.find({ _: 'peerChannel', channel_id: channelId });
    return { _: 'inputChannel', channel_id: channelId, access_hash: (found !== undefined && 'access_hash' in found ? found.access_hash : undefined) ?? 0n };
  }
}
