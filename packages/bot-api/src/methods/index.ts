import type { BotMethod } from '../define-bot-method.ts';
import { answerCallbackQuery } from './answerCallbackQuery.ts';
import { answerInlineQuery } from './answerInlineQuery.ts';
import { close } from './close.ts';
import { deleteMyCommands } from './deleteMyCommands.ts';
import { getChatMenuButton } from './getChatMenuButton.ts';
import { getCustomEmojiStickers } from './getCustomEmojiStickers.ts';
import { getFile } from './getFile.ts';
import { getMe } from './getMe.ts';
import { getMyCommands } from './getMyCommands.ts';
import { getMyDefaultAdministratorRights } from './getMyDefaultAdministratorRights.ts';
import { getMyDescription } from './getMyDescription.ts';
import { getMyName } from './getMyName.ts';
import { getMyShortDescription } from './getMyShortDescription.ts';
import { getStickerSet } from './getStickerSet.ts';
import { logOut } from './logOut.ts';
import { removeMyProfilePhoto } from './removeMyProfilePhoto.ts';
import { setChatMenuButton } from './setChatMenuButton.ts';
import { setMessageReaction } from './setMessageReaction.ts';
import { setMyCommands } from './setMyCommands.ts';
import { setMyDefaultAdministratorRights } from './setMyDefaultAdministratorRights.ts';
import { setMyDescription } from './setMyDescription.ts';
import { setMyName } from './setMyName.ts';
import { setMyProfilePhoto } from './setMyProfilePhoto.ts';
import { setMyShortDescription } from './setMyShortDescription.ts';

/** All methods that this server has. */
export const BOT_METHODS: readonly BotMethod[] = [
  answerCallbackQuery,
  answerInlineQuery,
  close,
  deleteMyCommands,
  getChatMenuButton,
  getCustomEmojiStickers,
  getFile,
  getMe,
  getMyCommands,
  getMyDefaultAdministratorRights,
  getMyDescription,
  getMyName,
  getMyShortDescription,
  getStickerSet,
  logOut,
  removeMyProfilePhoto,
  setChatMenuButton,
  setMessageReaction,
  setMyCommands,
  setMyDefaultAdministratorRights,
  setMyDescription,
  setMyName,
  setMyProfilePhoto,
  setMyShortDescription,
];

/** Other names of methods, in lower case, as older libraries write them. */
export const ALIASES: Readonly<Record<string, string>> = { kickchatmember: 'banchatmember', getchatmemberscount: 'getchatmembercount' };
