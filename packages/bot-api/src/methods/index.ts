import type { BotMethod } from '../define-bot-method.ts';
import { approveChatJoinRequest } from './approveChatJoinRequest.ts';
import { banChatMember } from './banChatMember.ts';
import { banChatSenderChat } from './banChatSenderChat.ts';
import { copyMessage } from './copyMessage.ts';
import { copyMessages } from './copyMessages.ts';
import { createChatInviteLink } from './createChatInviteLink.ts';
import { declineChatJoinRequest } from './declineChatJoinRequest.ts';
import { deleteChatPhoto } from './deleteChatPhoto.ts';
import { deleteMessage } from './deleteMessage.ts';
import { deleteMessages } from './deleteMessages.ts';
import { editChatInviteLink } from './editChatInviteLink.ts';
import { editMessageCaption } from './editMessageCaption.ts';
import { editMessageLiveLocation } from './editMessageLiveLocation.ts';
import { editMessageMedia } from './editMessageMedia.ts';
import { editMessageReplyMarkup } from './editMessageReplyMarkup.ts';
import { editMessageText } from './editMessageText.ts';
import { exportChatInviteLink } from './exportChatInviteLink.ts';
import { forwardMessage } from './forwardMessage.ts';
import { forwardMessages } from './forwardMessages.ts';
import { getChat } from './getChat.ts';
import { getChatAdministrators } from './getChatAdministrators.ts';
import { getChatMember } from './getChatMember.ts';
import { getChatMemberCount } from './getChatMemberCount.ts';
import { getFile } from './getFile.ts';
import { getMe } from './getMe.ts';
import { getUserProfilePhotos } from './getUserProfilePhotos.ts';
import { leaveChat } from './leaveChat.ts';
import { pinChatMessage } from './pinChatMessage.ts';
import { promoteChatMember } from './promoteChatMember.ts';
import { restrictChatMember } from './restrictChatMember.ts';
import { revokeChatInviteLink } from './revokeChatInviteLink.ts';
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
import { setChatAdministratorCustomTitle } from './setChatAdministratorCustomTitle.ts';
import { setChatDescription } from './setChatDescription.ts';
import { setChatMemberTag } from './setChatMemberTag.ts';
import { setChatPermissions } from './setChatPermissions.ts';
import { setChatPhoto } from './setChatPhoto.ts';
import { setChatTitle } from './setChatTitle.ts';
import { stopMessageLiveLocation } from './stopMessageLiveLocation.ts';
import { unbanChatMember } from './unbanChatMember.ts';
import { unbanChatSenderChat } from './unbanChatSenderChat.ts';
import { unpinAllChatMessages } from './unpinAllChatMessages.ts';
import { unpinChatMessage } from './unpinChatMessage.ts';

/** All methods that this server has. */
export const BOT_METHODS: readonly BotMethod[] = [
  approveChatJoinRequest,
  banChatMember,
  banChatSenderChat,
  copyMessage,
  copyMessages,
  createChatInviteLink,
  declineChatJoinRequest,
  deleteChatPhoto,
  deleteMessage,
  deleteMessages,
  editChatInviteLink,
  editMessageCaption,
  editMessageLiveLocation,
  editMessageMedia,
  editMessageReplyMarkup,
  editMessageText,
  exportChatInviteLink,
  forwardMessage,
  forwardMessages,
  getChat,
  getChatAdministrators,
  getChatMember,
  getChatMemberCount,
  getFile,
  getMe,
  getUserProfilePhotos,
  leaveChat,
  pinChatMessage,
  promoteChatMember,
  restrictChatMember,
  revokeChatInviteLink,
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
  setChatAdministratorCustomTitle,
  setChatDescription,
  setChatMemberTag,
  setChatPermissions,
  setChatPhoto,
  setChatTitle,
  stopMessageLiveLocation,
  unbanChatMember,
  unbanChatSenderChat,
  unpinAllChatMessages,
  unpinChatMessage,
];

/** Other names of methods, in lower case, as older libraries write them. */
export const ALIASES: Readonly<Record<string, string>> = { kickchatmember: 'banchatmember', getchatmemberscount: 'getchatmembercount' };
