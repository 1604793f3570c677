// Keyboards of bots, as pages see them.

/** What a button looks like. */
export interface ButtonFace {
  text: string;
  colour?: 'primary' | 'danger' | 'success';
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

/** A key in place of those of a phone: it says its text, or asks the person for something. */
export type Key = ButtonFace & { kind: 'text' | 'phone' | 'place' | 'peer' | 'other' };

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
