/** The chats that a list of commands is for. The numbers are stored, so they must never change meaning. */
export const CommandScope = { default: 0, users: 1, chats: 2, chatAdmins: 3, peer: 4, peerAdmins: 5, peerUser: 6 } as const;

/** Where the commands of a bot are asked for. */
export interface CommandPlace {
  scope: number;
  /** Marked id of the chat in the scopes of one chat; otherwise 0. */
  peerId: bigint;
  /** The member in the scope of one member; otherwise 0. */
  userId: bigint;
}

/** Everybody, everywhere. */
export const EVERYWHERE: CommandPlace = { scope: CommandScope.default, peerId: 0n, userId: 0n };

/** Who looks at a bot, and where. */
export interface BotViewer {
  userId: bigint;
  /** Two letters; '' if it is not known. */
  langCode: string;
  /** Marked id of the group in which the bot is looked at; undefined in its private chat. */
  chat?: { peerId: bigint; isAdmin: boolean };
}

/**
 * The places whose commands this viewer may have, the narrowest first, as https://core.telegram.org/bots/api#botcommandscope orders them. Pure.
 */
export function placesOf({ userId, chat }: BotViewer): CommandPlace[] {
  const everywhere = (scope: number): CommandPlace => ({ scope, peerId: 0n, userId: 0n });
  if (chat === undefined) return [{ scope: CommandScope.peer, peerId: userId, userId: 0n }, everywhere(CommandScope.users), EVERYWHERE];
  const { peerId, isAdmin } = chat;
  return [
    { scope: CommandScope.peerUser, peerId, userId },
    ...(isAdmin ? [{ scope: CommandScope.peerAdmins, peerId, userId: 0n }] : []),
    { scope: CommandScope.peer, peerId, userId: 0n },
    ...(isAdmin ? [everywhere(CommandScope.chatAdmins)] : []),
    everywhere(CommandScope.chats),
    EVERYWHERE,
  ];
}

/** A stored list with the place that it is for. */
interface PlacedList {
  scope: number;
  peer_id: bigint;
  user_id: bigint;
  lang_code: string;
}

/** The list that counts for a viewer: of the narrowest place that has one, in the viewer's language or else in none. Pure. */
export function pickList<L extends PlacedList>(lists: readonly L[], viewer: BotViewer): L | undefined {
  for (const { scope, peerId, userId } of placesOf(viewer)) {
    const here = lists.filter((list) => list.scope === scope && list.peer_id === peerId && list.user_id === userId);
    const found = here.find((list) => list.lang_code === viewer.langCode) ?? here.find((list) => list.lang_code === '');
    if (found !== undefined) return found;
  }
  return undefined;
}
