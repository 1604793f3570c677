import type { tl } from '@mtcute/core';
import type { BotKeys, ButtonFace, InlineButton, Key, PeerRequest } from '../../protocol/index.ts';
import { readAdminRights } from './admin-rights.ts';

function faceOf({ text, style }: tl.TypeKeyboardButton): ButtonFace {
  const colour = style?.bgPrimary ? 'primary' : style?.bgDanger ? 'danger' : style?.bgSuccess ? 'success' : undefined;
  return { text, ...(colour && { colour }), ...(style?.icon && { icon: style.icon.toString() }) };
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

function readKey(button: tl.TypeKeyboardButton): Key {
  const face = faceOf(button);
  switch (button._) {
    case 'keyboardButton':
      return { ...face, kind: 'text' };
    case 'keyboardButtonRequestPhone':
      return { ...face, kind: 'phone' };
    case 'keyboardButtonRequestGeoLocation':
      return { ...face, kind: 'place' };
    case 'keyboardButtonRequestPoll':
      return { ...face, kind: 'poll', ...(button.quiz === undefined ? {} : { isQuiz: button.quiz }) };
    case 'keyboardButtonRequestPeer': {
      const request = readRequest(button);
      return request === undefined ? { ...face, kind: 'other' } : { ...face, kind: 'peer', request };
    }
    default:
      return { ...face, kind: 'other' };
  }
}

function readRequest({ buttonId: button, peerType: type, maxQuantity: max }: tl.RawKeyboardButtonRequestPeer): PeerRequest | undefined {
  switch (type._) {
    case 'requestPeerTypeUser':
      return { button, kind: 'user', max, isBot: type.bot, isPremium: type.premium };
    case 'requestPeerTypeChat':
    case 'requestPeerTypeBroadcast': {
      const { creator, hasUsername: isPublic, userAdminRights: own, botAdminRights: bots } = type;
      const isGroup = type._ === 'requestPeerTypeChat';
      const botBecomes = bots ? readAdminRights(bots) : isGroup && type.botParticipant === true ? 'member' : undefined;
      return { button, kind: isGroup ? 'group' : 'channel', isCreator: creator === true, isPublic, isForum: isGroup ? type.forum : undefined, ownRights: own && readAdminRights(own), botBecomes };
    }
    default:
      return undefined;
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
      const rows = markup.rows.map(({ buttons }) => buttons.map(readKey));
      const { resize, singleUse, persistent, selective, placeholder } = markup;
      return { keys: { kind: 'keys', rows, isCompact: resize === true, isOnce: singleUse === true, isPersistent: persistent === true, isSelective: selective === true, placeholder } };
    }
  }
}
