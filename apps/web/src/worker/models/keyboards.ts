import type { tl } from '@mtcute/core';
import type { BotKeys, ButtonFace, InlineButton, Key } from '../../protocol/index.ts';

function faceOf({ text, style }: tl.TypeKeyboardButton): ButtonFace {
  const colour = style?.bgPrimary ? 'primary' : style?.bgDanger ? 'danger' : style?.bgSuccess ? 'success' : undefined;
  return colour === undefined ? { text } : { text, colour };
}

function readInlineButton(button: tl.TypeKeyboardButton): InlineButton {
  const face = faceOf(button);
  switch (button._) {
    case 'keyboardButtonCallback':
      return { ...face, kind: 'callback', data: button.data, ...(button.requiresPassword ? { needsPassword: true } : {}) };
    case 'keyboardButtonUrl':
      return { ...face, kind: 'url', url: button.url };
    case 'keyboardButtonCopy':
      return { ...face, kind: 'copy', copy: button.copyText };
    case 'keyboardButtonSwitchInline':
      return { ...face, kind: 'switchInline', query: button.query, isHere: button.samePeer === true };
    default:
      return { ...face, kind: 'other' };
  }
}

function kindOfKey({ _ }: tl.TypeKeyboardButton): Key['kind'] {
  switch (_) {
    case 'keyboardButton':
      return 'text';
    case 'keyboardButtonRequestPhone':
      return 'phone';
    case 'keyboardButtonRequestGeoLocation':
      return 'place';
    case 'keyboardButtonRequestPeer':
      return 'peer';
    default:
      return 'other';
  }
}

/** What a message has of a keyboard: buttons below it, or keys in place of those of a phone. */
export interface ReadKeyboard {
  buttons?: InlineButton[][];
  keys?: BotKeys;
}

/** Reads the keyboard of a message. Pure. */
export function readKeyboard(markup: tl.TypeReplyMarkup | undefined): ReadKeyboard {
  switch (markup?._) {
    case undefined:
      return {};
    case 'replyInlineMarkup':
      return { buttons: markup.rows.map(({ buttons }) => buttons.map(readInlineButton)) };
    case 'replyKeyboardHide':
      return { keys: { kind: 'hide', isSelective: markup.selective === true } };
    case 'replyKeyboardForceReply':
      return { keys: { kind: 'forceReply', isSelective: markup.selective === true, placeholder: markup.placeholder } };
    case 'replyKeyboardMarkup': {
      const rows = markup.rows.map(({ buttons }) => buttons.map((button): Key => ({ ...faceOf(button), kind: kindOfKey(button) })));
      const { resize, singleUse, persistent, selective, placeholder } = markup;
      return { keys: { kind: 'keys', rows, isCompact: resize === true, isOnce: singleUse === true, isPersistent: persistent === true, isSelective: selective === true, placeholder } };
    }
  }
}
