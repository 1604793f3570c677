import type { BotMethod } from '../define-bot-method.ts';
import { approveChatJoinRequest } from './approveChatJoinRequest.ts';
import { banChatMember } from './banChatMember.ts';
import { banChatSenderChat } from './banChatSenderChat.ts';
import { createChatInviteLink } from './createChatInviteLink.ts';
import { declineChatJoinRequest } from './declineChatJoinRequest.ts';
import { deleteChatPhoto } from './deleteChatPhoto.ts';
import { editChatInviteLink } from './editChatInviteLink.ts';
import { exportChatInviteLink } from './exportChatInviteLink.ts';
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
import { setChatAdministratorCustomTitle } from './setChatAdministratorCustomTitle.ts';
import { setChatDescription } from './setChatDescription.ts';
import { setChatMemberTag } from './setChatMemberTag.ts';
import { setChatPermissions } from './setChatPermissions.ts';
import { setChatPhoto } from './setChatPhoto.ts';
import { setChatTitle } from './setChatTitle.ts';
import { unbanChatMember } from './unbanChatMember.ts';
import { unbanChatSenderChat } from './unbanChatSenderChat.ts';
import { unpinAllChatMessages } from './unpinAllChatMessages.ts';
import { unpinChatMessage } from './unpinChatMessage.ts';

/** All methods that this server has. */
export const BOT_METHODS: readonly BotMethod[] = [
  approveChatJoinRequest,
  banChatMember,
  banChatSenderChat,
  createChatInviteLink,
  declineChatJoinRequest,
  deleteChatPhoto,
  editChatInviteLink,
  exportChatInviteLink,
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
  setChatAdministratorCustomTitle,
  setChatDescription,
  setChatMemberTag,
  setChatPermissions,
  setChatPhoto,
  setChatTitle,
  unbanChatMember,
  unbanChatSenderChat,
  unpinAllChatMessages,
  unpinChatMessage,
];

/** Other names of methods, in lower case, as older libraries write them. */
export const ALIASES: Readonly<Record<string, string>> = { kickchatmember: 'banchatmember', getchatmemberscount: 'getchatmembercount' };
