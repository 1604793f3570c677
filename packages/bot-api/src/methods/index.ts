import type { BotMethod } from '../define-bot-method.ts';
import { answerCallbackQuery } from './answerCallbackQuery.ts';
import { answerInlineQuery } from './answerInlineQuery.ts';
import { close } from './close.ts';
import { copyMessage } from './copyMessage.ts';
import { copyMessages } from './copyMessages.ts';
import { deleteMessage } from './deleteMessage.ts';
import { deleteMessages } from './deleteMessages.ts';
import { deleteMyCommands } from './deleteMyCommands.ts';
import { editMessageCaption } from './editMessageCaption.ts';
import { editMessageLiveLocation } from './editMessageLiveLocation.ts';
import { editMessageMedia } from './editMessageMedia.ts';
import { editMessageReplyMarkup } from './editMessageReplyMarkup.ts';
import { editMessageText } from './editMessageText.ts';
import { forwardMessage } from './forwardMessage.ts';
import { forwardMessages } from './forwardMessages.ts';
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
import { sendAnimation } from './sendAnimation.ts';
import { sendAudio } from './sendAudio.ts';
import { sendChatAction } from './sendChatAction.ts';
import { sendContact } from './sendContact.ts';
import { sendDice } from './sendDice.ts';
import { sendDocument } from './sendDocument.ts';
import { sendLocation } from './sendLocation.ts';
import { sendMediaGroup } from './sendMediaGroup.ts';
import { sendMessage } from './sendMessage.ts';
import { sendMessageDraft } from './sendMessageDraft.ts';
import { sendPhoto } from './sendPhoto.ts';
import { sendSticker } from './sendSticker.ts';
import { sendVenue } from './sendVenue.ts';
import { sendVideo } from './sendVideo.ts';
import { sendVideoNote } from './sendVideoNote.ts';
import { sendVoice } from './sendVoice.ts';
import { setChatMenuButton } from './setChatMenuButton.ts';
import { setMessageReaction } from './setMessageReaction.ts';
import { setMyCommands } from './setMyCommands.ts';
import { setMyDefaultAdministratorRights } from './setMyDefaultAdministratorRights.ts';
import { setMyDescription } from './setMyDescription.ts';
import { setMyName } from './setMyName.ts';
import { setMyProfilePhoto } from './setMyProfilePhoto.ts';
import { setMyShortDescription } from './setMyShortDescription.ts';
import { stopMessageLiveLocation } from './stopMessageLiveLocation.ts';

/** All methods that this server has. */
export const BOT_METHODS: readonly BotMethod[] = [
  answerCallbackQuery,
  answerInlineQuery,
  close,
  copyMessage,
  copyMessages,
  deleteMessage,
  deleteMessages,
  deleteMyCommands,
  editMessageCaption,
  editMessageLiveLocation,
  editMessageMedia,
  editMessageReplyMarkup,
  editMessageText,
  forwardMessage,
  forwardMessages,
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
  sendAnimation,
  sendAudio,
  sendChatAction,
  sendContact,
  sendDice,
  sendDocument,
  sendLocation,
  sendMediaGroup,
  sendMessage,
  sendMessageDraft,
  sendPhoto,
  sendSticker,
  sendVenue,
  sendVideo,
  sendVideoNote,
  sendVoice,
  setChatMenuButton,
  setMessageReaction,
  setMyCommands,
  setMyDefaultAdministratorRights,
  setMyDescription,
  setMyName,
  setMyProfilePhoto,
  setMyShortDescription,
  stopMessageLiveLocation,
];

/** Other names of methods, in lower case, as older libraries write them. */
export const ALIASES: Readonly<Record<string, string>> = { kickchatmember: 'banchatmember', getchatmemberscount: 'getchatmembercount' };
