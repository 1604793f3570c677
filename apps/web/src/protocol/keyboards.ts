// Keyboards of bots, as pages see them.

/** What a button looks like. */
export interface ButtonFace {
  text: string;
  colour?: 'primary' | 'danger' | 'success';
  /** Custom emoji before the text. */
  icon?: string;
}

/** A button below a message. `other` ones do something that this client does not know. */
export type InlineButton = ButtonFace &
  (
    | { kind: 'callback'; data: Uint8Array; needsPassword?: boolean }
    | { kind: 'url'; url: string }
    | { kind: 'copy'; copy: string }
    /** Asks the bot for something to send: in this chat, or in one that the person chooses. */
    | { kind: 'switchInline'; query: string; isHere: boolean }
    | { kind: 'other' }
  );

/** What an admin of a group or channel may be allowed; `other` is what every admin may. */
export type AdminRight =
  | 'changeInfo' | 'postMessages' | 'editMessages' | 'deleteMessages' | 'banUsers' | 'inviteUsers' | 'pinMessages' | 'addAdmins' | 'manageCall'
  | 'anonymous' | 'manageTopics' | 'postStories' | 'editStories' | 'deleteStories' | 'other';

/** Which people, groups or channels a bot asks for. What is absent does not matter. */
export type PeerRequest = {
  /** Number of the key in its keyboard. */
  button: number;
} & (
  | { kind: 'user'; max: number; isBot?: boolean; isPremium?: boolean }
  | {
      kind: 'group' | 'channel';
      isCreator: boolean;
      isPublic?: boolean;
      isForum?: boolean;
      /** What the person must be allowed to do there, as an admin. */
      ownRights?: AdminRight[];
      /** What the bot becomes there: a member, or an admin who may do this. */
      botBecomes?: 'member' | AdminRight[];
    }
);

/** A key in place of those of a phone: it says its text, or asks the person for something. `isQuiz`: the poll must be one, or must be none. */
export type Key = ButtonFace & ({ kind: 'text' | 'phone' | 'place' | 'other' } | { kind: 'peer'; request: PeerRequest } | { kind: 'poll'; isQuiz?: boolean });

/** What a bot wants to have in place of the keys of a phone, from a message on. */
export type BotKeys =
  | { kind: 'keys'; rows: Key[][]; isCompact: boolean; isOnce: boolean; isPersistent: boolean; isSelective: boolean; placeholder?: string }
  | { kind: 'forceReply'; isSelective: boolean; placeholder?: string }
  | { kind: 'hide'; isSelective: boolean };

/** What a bot says to somebody who has pressed a button. */
export interface PressAnswer {
  text?: string;
  /** In a dialog, not in passing. */
  isAlert: boolean;
  url?: string;
}
