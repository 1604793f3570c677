import type { tl } from '@aerogram/tl';

import type { PeerSet } from './peer-set.ts';

/** The users and chats that are sent along with an answer or a push. */
export interface NamedPeers {
  users: tl.User[];
  chats: tl.Chat[];
}

/** Builds the `users` and `chats` of answers and pushes (rule P12, named peers). No other code does. */
export interface PeerProjector {
  /** Projects each of the peers once, as `viewerId` may see it. */
  projectPeers(viewerId: bigint, peers: PeerSet): Promise<NamedPeers>;
  /** Same as `projectPeers`, but synchronous and from caches only; undefined if anything must be read, as every chat must. */
  projectKnownPeers(viewerId: bigint, peers: PeerSet): NamedPeers | undefined;
}

/** The functions with which the projector projects users and chats. */
export interface PeerSources {
  users: {
    /** Projects each of `ids` once, as `viewerId` sees it. */
    projectUsers(viewerId: bigint, ids: Iterable<bigint>): Promise<tl.User[]>;
    /** Same as `projectUsers`, but synchronous; undefined when something must be read from the database. */
    projectKnownUsers(viewerId: bigint, ids: readonly bigint[]): tl.User[] | undefined;
  };
  chats: {
    /** Projects each of the basic groups and channels once, by marked id, as `viewerId` sees it. */
    projectChats(viewerId: bigint, markedIds: Iterable<bigint>): Promise<tl.Chat[]>;
  };
}

/** Creates the projector of peers. */
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
