import type { BotMethod } from '../define-bot-method.ts';
import { copyMessage } from './copyMessage.ts';
import { copyMessages } from './copyMessages.ts';
import { deleteMessage } from './deleteMessage.ts';
import { deleteMessages } from './deleteMessages.ts';
import { editMessageCaption } from './editMessageCaption.ts';
import { editMessageLiveLocation } from './editMessageLiveLocation.ts';
import { editMessageMedia } from './editMessageMedia.ts';
import { editMessageReplyMarkup } from './editMessageReplyMarkup.ts';
import { editMessageText } from './editMessageText.ts';
import { forwardMessage } from './forwardMessage.ts';
import { forwardMessages } from './forwardMessages.ts';
import { getFile } from './getFile.ts';
import { getMe } from './getMe.ts';
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
import { stopMessageLiveLocation } from './stopMessageLiveLocation.ts';

/** All methods that this server has. */
export const BOT_METHODS: readonly BotMethod[] = [
  copyMessage,
  copyMessages,
  deleteMessage,
  deleteMessages,
  editMessageCaption,
  editMessageLiveLocation,
  editMessageMedia,
  editMessageReplyMarkup,
  editMessageText,
  forwardMessage,
  forwardMessages,
  getFile,
  getMe,
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
  stopMessageLiveLocation,
];

/** Other names of methods, in lower case, as older libraries write them. */
export const ALIASES: Readonly<Record<string, string>> = { kickchatmember: 'banchatmember', getchatmemberscount: 'getchatmembercount' };
