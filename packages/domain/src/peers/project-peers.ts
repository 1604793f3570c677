import type { tl } from '@aerogram/tl';

import type { PeerSet } from './peer-set.ts';

/** The users and chats that are sent along with an answer or a push. */
export interface NamedPeers {
  users: tl.User[];
  chats: tl.Chat[];
}

/** The only maker of the `users` and `chats` of answers and pushes (rule P12). */
export interface PeerProjector {
  /** Each of the peers once, as `viewerId` may see it. */
  projectPeers(viewerId: bigint, peers: PeerSet): Promise<NamedPeers>;
  /** The same at once, without a read; undefined when something must be read, as for every chat. */
  projectKnownPeers(viewerId: bigint, peers: PeerSet): NamedPeers | undefined;
}

/** Where the projector gets users and chats from. */
export interface PeerSources {
  users: {
    /** Each of `ids` once, as `viewerId` sees them. */
    projectUsers(viewerId: bigint, ids: Iterable<bigint>): Promise<tl.User[]>;
    /** The same at once; undefined when something must be read. */
    projectKnownUsers(viewerId: bigint, ids: readonly bigint[]): tl.User[] | undefined;
  };
  chats: {
    /** Each of the basic groups and channels once, by marked id, as `viewerId` sees them. */
    projectChats(viewerId: bigint, markedIds: Iterable<bigint>): Promise<tl.Chat[]>;
  };
}

/** Makes the projector of peers. */
export function createPeerProjector({ users, chats }: PeerSources): PeerProjector {
  return {
    async projectPeers(viewerId, peers) {
      const named = peers.chats;
      if (named.length === 0) return { users: await users.projectUsers(viewerId, peers.users), chats: [] };
      const [found, foundChats] = await Promise.all([users.projectUsers(viewerId, peers.users), chats.projectChats(viewerId, named)]);
      return { users: found, chats: foundChats };
    },
    projectKnownPeers(viewerId, peers) {
      if (peers.chats.length > 0) return undefined;
      const known = users.projectKnownUsers(viewerId, peers.users);
      return known && { users: known, chats: [] };
    },
  };
}
