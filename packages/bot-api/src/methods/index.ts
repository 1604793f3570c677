import type { BotMethod } from '../define-bot-method.ts';
import { addStickerToSet } from './addStickerToSet.ts';
import { answerCallbackQuery } from './answerCallbackQuery.ts';
import { answerInlineQuery } from './answerInlineQuery.ts';
import { approveChatJoinRequest } from './approveChatJoinRequest.ts';
import { banChatMember } from './banChatMember.ts';
import { banChatSenderChat } from './banChatSenderChat.ts';
import { close } from './close.ts';
import { closeForumTopic } from './closeForumTopic.ts';
import { closeGeneralForumTopic } from './closeGeneralForumTopic.ts';
import { copyMessage } from './copyMessage.ts';
import { copyMessages } from './copyMessages.ts';
import { createChatInviteLink } from './createChatInviteLink.ts';
import { createForumTopic } from './createForumTopic.ts';
import { createNewStickerSet } from './createNewStickerSet.ts';
import { declineChatJoinRequest } from './declineChatJoinRequest.ts';
import { deleteAllMessageReactions } from './deleteAllMessageReactions.ts';
import { deleteChatPhoto } from './deleteChatPhoto.ts';
import { deleteChatStickerSet } from './deleteChatStickerSet.ts';
import { deleteForumTopic } from './deleteForumTopic.ts';
import { deleteMessage } from './deleteMessage.ts';
import { deleteMessageReaction } from './deleteMessageReaction.ts';
import { deleteMessages } from './deleteMessages.ts';
import { deleteMyCommands } from './deleteMyCommands.ts';
import { deleteStickerFromSet } from './deleteStickerFromSet.ts';
import { deleteStickerSet } from './deleteStickerSet.ts';
import { deleteWebhook } from './deleteWebhook.ts';
import { editChatInviteLink } from './editChatInviteLink.ts';
import { editForumTopic } from './editForumTopic.ts';
import { editGeneralForumTopic } from './editGeneralForumTopic.ts';
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
import { getChatMenuButton } from './getChatMenuButton.ts';
import { getCustomEmojiStickers } from './getCustomEmojiStickers.ts';
import { getFile } from './getFile.ts';
import { getForumTopicIconStickers } from './getForumTopicIconStickers.ts';
import { getMe } from './getMe.ts';
import { getMyCommands } from './getMyCommands.ts';
import { getMyDefaultAdministratorRights } from './getMyDefaultAdministratorRights.ts';
import { getMyDescription } from './getMyDescription.ts';
import { getMyName } from './getMyName.ts';
import { getMyShortDescription } from './getMyShortDescription.ts';
import { getStickerSet } from './getStickerSet.ts';
import { getUpdates } from './getUpdates.ts';
import { getUserChatBoosts } from './getUserChatBoosts.ts';
import { getUserProfileAudios } from './getUserProfileAudios.ts';
import { getUserProfilePhotos } from './getUserProfilePhotos.ts';
import { getWebhookInfo } from './getWebhookInfo.ts';
import { hideGeneralForumTopic } from './hideGeneralForumTopic.ts';
import { leaveChat } from './leaveChat.ts';
import { logOut } from './logOut.ts';
import { pinChatMessage } from './pinChatMessage.ts';
import { promoteChatMember } from './promoteChatMember.ts';
import { removeMyProfilePhoto } from './removeMyProfilePhoto.ts';
import { reopenForumTopic } from './reopenForumTopic.ts';
import { reopenGeneralForumTopic } from './reopenGeneralForumTopic.ts';
import { replaceStickerInSet } from './replaceStickerInSet.ts';
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
import { sendPoll } from './sendPoll.ts';
import { sendSticker } from './sendSticker.ts';
import { sendVenue } from './sendVenue.ts';
import { sendVideo } from './sendVideo.ts';
import { sendVideoNote } from './sendVideoNote.ts';
import { sendVoice } from './sendVoice.ts';
import { setChatAdministratorCustomTitle } from './setChatAdministratorCustomTitle.ts';
import { setChatDescription } from './setChatDescription.ts';
import { setChatMemberTag } from './setChatMemberTag.ts';
import { setChatMenuButton } from './setChatMenuButton.ts';
import { setChatPermissions } from './setChatPermissions.ts';
import { setChatPhoto } from './setChatPhoto.ts';
import { setChatStickerSet } from './setChatStickerSet.ts';
import { setChatTitle } from './setChatTitle.ts';
import { setCustomEmojiStickerSetThumbnail } from './setCustomEmojiStickerSetThumbnail.ts';
import { setMessageReaction } from './setMessageReaction.ts';
import { setMyCommands } from './setMyCommands.ts';
import { setMyDefaultAdministratorRights } from './setMyDefaultAdministratorRights.ts';
import { setMyDescription } from './setMyDescription.ts';
import { setMyName } from './setMyName.ts';
import { setMyProfilePhoto } from './setMyProfilePhoto.ts';
import { setMyShortDescription } from './setMyShortDescription.ts';
import { setStickerEmojiList } from './setStickerEmojiList.ts';
import { setStickerKeywords } from './setStickerKeywords.ts';
import { setStickerMaskPosition } from './setStickerMaskPosition.ts';
import { setStickerPositionInSet } from './setStickerPositionInSet.ts';
import { setStickerSetThumbnail } from './setStickerSetThumbnail.ts';
import { setStickerSetTitle } from './setStickerSetTitle.ts';
import { setWebhook } from './setWebhook.ts';
import { stopMessageLiveLocation } from './stopMessageLiveLocation.ts';
import { stopPoll } from './stopPoll.ts';
import { unbanChatMember } from './unbanChatMember.ts';
import { unbanChatSenderChat } from './unbanChatSenderChat.ts';
import { unhideGeneralForumTopic } from './unhideGeneralForumTopic.ts';
import { unpinAllChatMessages } from './unpinAllChatMessages.ts';
import { unpinAllForumTopicMessages } from './unpinAllForumTopicMessages.ts';
import { unpinAllGeneralForumTopicMessages } from './unpinAllGeneralForumTopicMessages.ts';
import { unpinChatMessage } from './unpinChatMessage.ts';
import { uploadStickerFile } from './uploadStickerFile.ts';

/** All methods that this server has. */
export const BOT_METHODS: readonly BotMethod[] = [
  addStickerToSet,
  answerCallbackQuery,
  answerInlineQuery,
  approveChatJoinRequest,
  banChatMember,
  banChatSenderChat,
  close,
  closeForumTopic,
  closeGeneralForumTopic,
  copyMessage,
  copyMessages,
  createChatInviteLink,
  createForumTopic,
  createNewStickerSet,
  declineChatJoinRequest,
  deleteAllMessageReactions,
  deleteChatPhoto,
  deleteChatStickerSet,
  deleteForumTopic,
  deleteMessage,
  deleteMessageReaction,
  deleteMessages,
  deleteMyCommands,
  deleteStickerFromSet,
  deleteStickerSet,
  deleteWebhook,
  editChatInviteLink,
  editForumTopic,
  editGeneralForumTopic,
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
  getChatMenuButton,
  getCustomEmojiStickers,
  getFile,
  getForumTopicIconStickers,
  getMe,
  getMyCommands,
  getMyDefaultAdministratorRights,
  getMyDescription,
  getMyName,
  getMyShortDescription,
  getStickerSet,
  getUpdates,
  getUserChatBoosts,
  getUserProfileAudios,
  getUserProfilePhotos,
  getWebhookInfo,
  hideGeneralForumTopic,
  leaveChat,
  logOut,
  pinChatMessage,
  promoteChatMember,
  removeMyProfilePhoto,
  reopenForumTopic,
  reopenGeneralForumTopic,
  replaceStickerInSet,
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
  sendPoll,
  sendSticker,
  sendVenue,
  sendVideo,
  sendVideoNote,
  sendVoice,
  setChatAdministratorCustomTitle,
  setChatDescription,
  setChatMemberTag,
  setChatMenuButton,
  setChatPermissions,
  setChatPhoto,
  setChatStickerSet,
  setChatTitle,
  setCustomEmojiStickerSetThumbnail,
  setMessageReaction,
  setMyCommands,
  setMyDefaultAdministratorRights,
  setMyDescription,
  setMyName,
  setMyProfilePhoto,
  setMyShortDescription,
  setStickerEmojiList,
  setStickerKeywords,
  setStickerMaskPosition,
  setStickerPositionInSet,
  setStickerSetThumbnail,
  setStickerSetTitle,
  setWebhook,
  stopMessageLiveLocation,
  stopPoll,
  unbanChatMember,
  unbanChatSenderChat,
  unhideGeneralForumTopic,
  unpinAllChatMessages,
  unpinAllForumTopicMessages,
  unpinAllGeneralForumTopicMessages,
  unpinChatMessage,
  uploadStickerFile,
];

/** Other names of methods, in lower case, as older libraries write them. */
export const ALIASES: Readonly<Record<string, string>> = { kickchatmember: 'banchatmember', getchatmemberscount: 'getchatmembercount' };
