import type { tl } from '@mtcute/core';
import type { Chat, Peer, PeerId } from '../../protocol/index.ts';
import { peerOfInput } from './ids.ts';

/** Which chats a folder has. @see https://core.telegram.org/api/folders */
export interface FolderRule {
  id: number;
  title: string;
  /** Chats that stand first, in this order. */
  pinned: PeerId[];
  /** Chats that are in the folder whatever else is true of them. */
  included: PeerId[];
  excluded: PeerId[];
  /** Kinds of chats that are in the folder. */
  has: { contacts?: boolean; nonContacts?: boolean; groups?: boolean; channels?: boolean; bots?: boolean };
  /** What keeps chats of these kinds out. */
  without: { muted?: boolean; read?: boolean; archived?: boolean };
}

/**
 * Reads a folder. Pure.
 * @param self the account
 * @returns undefined for the list of all chats, which stands among the folders
 */
export function readFolder(filter: tl.TypeDialogFilter, self: PeerId): FolderRule | undefined {
  if (filter._ === 'dialogFilterDefault') return undefined;
  const peers = (inputs: tl.TypeInputPeer[]): PeerId[] => inputs.flatMap((input) => peerOfInput(input, self) ?? []);
  const rule = { id: filter.id, title: filter.title.text, pinned: peers(filter.pinnedPeers), included: peers(filter.includePeers) };
  if (filter._ === 'dialogFilterChatlist') return { ...rule, excluded: [], has: {}, without: {} };
  const { contacts, nonContacts, groups, broadcasts, bots, excludeMuted, excludeRead, excludeArchived } = filter;
  return {
    ...rule,
    excluded: peers(filter.excludePeers),
    has: { contacts, nonContacts, groups, channels: broadcasts, bots },
    without: { muted: excludeMuted, read: excludeRead, archived: excludeArchived },
  };
}

/** Reads the folders, without the list of all chats. Pure. @param self the account */
export const readFolders = (filters: readonly tl.TypeDialogFilter[], self: PeerId): FolderRule[] => filters.map((filter) => readFolder(filter, self)).filter((rule) => rule !== undefined);

type Folder = tl.RawDialogFilter | tl.RawDialogFilterChatlist;

/**
 * Pins a chat in a folder, above the others, or unpins it. A chat that was pinned stays in the folder. Pure.
 * @param input the chat
 * @param self the account
 */
export function pinInFolder<Kind extends Folder>(filter: Kind, input: tl.TypeInputPeer, { isPinned, self }: { isPinned: boolean; self: PeerId }): Kind {
  const peer = peerOfInput(input, self);
  const isOther = (other: tl.TypeInputPeer): boolean => peerOfInput(other, self) !== peer;
  const isPinnedNow = !filter.pinnedPeers.every(isOther);
  if (isPinnedNow === isPinned) return filter;
  const pinnedPeers = filter.pinnedPeers.filter(isOther);
  const includePeers = filter.includePeers.filter(isOther);
  if (!isPinned) return { ...filter, pinnedPeers, includePeers: [...includePeers, input] };
  const excluded = filter._ === 'dialogFilter' ? { excludePeers: filter.excludePeers.filter(isOther) } : {};
  return { ...filter, ...excluded, pinnedPeers: [input, ...pinnedPeers], includePeers };
}

/** Puts the pinned chats of a folder into another order. Those that the order does not name come last. Pure. @param self the account */
export function orderPinsOfFolder<Kind extends Folder>(filter: Kind, order: readonly PeerId[], self: PeerId): Kind {
  const placeOf = (input: tl.TypeInputPeer): number => {
    const at = order.indexOf(peerOfInput(input, self) ?? 0);
    return at === -1 ? order.length : at;
  };
  return { ...filter, pinnedPeers: filter.pinnedPeers.toSorted((first, second) => placeOf(first) - placeOf(second)) };
}

function hasKind({ has }: FolderRule, peer: Peer): boolean | undefined {
  switch (peer.kind) {
    case 'user':
      if (peer.isBot) return has.bots;
      return peer.isContact || peer.isSelf ? has.contacts : has.nonContacts;
    case 'group':
    case 'supergroup':
      return has.groups;
    case 'channel':
      return has.channels;
  }
}

/** Whether a chat is in a folder. Pure. @param isMuted as it applies to the chat, by its own setting or that of its kind */
export function isInFolder(rule: FolderRule, { chat, peer, isMuted }: { chat: Chat; peer: Peer | undefined; isMuted: boolean }): boolean {
  const { peer: id, unread, mentions, isMarkedUnread, isArchived } = chat;
  if (rule.pinned.includes(id) || rule.included.includes(id)) return true;
  if (rule.excluded.includes(id) || !peer) return false;
  const { without } = rule;
  if (without.archived && isArchived) return false;
  if (without.muted && isMuted && mentions === 0) return false;
  if (without.read && unread === 0 && mentions === 0 && !isMarkedUnread) return false;
  return hasKind(rule, peer) === true;
}
