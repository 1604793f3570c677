import { methods } from '../../src/index.ts';
import { loadSchema } from './random-schema.ts';

const schema = loadSchema();

/** Fields that name messages. */
export const IDS = new Set(['id', 'msg_id', 'reply_to_msg_id']);
export const ID_TYPE = /^(int|Vector<int>|Vector<InputMessage>|InputBotInlineMessageID)$/;

export const forBots = methods.filter(({ callers }) => callers.has('bot')).map(({ method }) => method);
/** Methods for bots whose request names a message. */
export const naming = forBots.filter((method) => schema.methods.get(method)!.fields.some(({ name, type }) => (IDS.has(name) && ID_TYPE.test(type)) || type === 'InputReplyTo'));

/** Methods for bots that answer something about a group or its members, and name no message. */
export const READING: readonly (typeof forBots)[number][] = [
  'channels.getChannels', 'channels.getFullChannel', 'channels.getParticipant', 'channels.getParticipants', 'messages.getChats', 'messages.getForumTopics', 'messages.getForumTopicsByID',
  'messages.getFullChat', 'messages.getPersonalChannelHistory',
  'photos.getUserPhotos', 'updates.getChannelDifference', 'updates.getDifference', 'updates.getState', 'users.getFullUser', 'users.getUsers',
];

/** Methods for bots whose request and answer contain nothing of messages that others wrote. Each is decided: a method that is opened to bots fails the test until it is listed. */
export const BLIND = [
  // Log-in, settings of the server and of the bot.
  'auth.bindTempAuthKey', 'auth.dropTempAuthKeys', 'auth.exportAuthorization', 'auth.importAuthorization', 'auth.importBotAuthorization', 'auth.logOut',
  'bots.getBotCommands', 'bots.getBotInfo', 'bots.getBotMenuButton', 'bots.resetBotCommands', 'bots.setBotBroadcastDefaultAdminRights', 'bots.setBotCommands',
  'bots.setBotGroupDefaultAdminRights', 'bots.setBotInfo', 'bots.setBotMenuButton', 'contacts.resolveUsername', 'users.getSavedMusic', 'photos.updateProfilePhoto', 'photos.uploadProfilePhoto',
  'help.getCdnConfig', 'help.getConfig', 'help.getPeerColors', 'help.getPeerProfileColors', 'help.setBotUpdatesStatus',
  // Changes of a group, its members and links.
  'channels.editAdmin', 'channels.editBanned', 'channels.editPhoto', 'channels.editTitle', 'channels.leaveChannel', 'channels.toggleForum', 'channels.toggleViewForumAsMessages', 'messages.createForumTopic', 'messages.deleteChatUser',
  'channels.setEmojiStickers', 'channels.setStickers', 'messages.deleteTopicHistory', 'messages.editChatAbout', 'messages.editForumTopic', 'messages.reorderPinnedForumTopics', 'messages.updatePinnedForumTopic',
  'messages.editChatDefaultBannedRights', 'messages.editChatParticipantRank', 'messages.editChatPhoto', 'messages.editChatTitle', 'messages.editExportedChatInvite',
  'messages.exportChatInvite', 'messages.hideChatJoinRequest', 'messages.setTyping', 'messages.unpinAllMessages', 'messages.deleteParticipantReactions', 'premium.getUserBoosts',
  // Files and stickers, named by ids and references that the server has given out, and answers to what people ask the bot.
  'messages.getCustomEmojiDocuments', 'messages.getDocumentByHash', 'messages.getMyStickers', 'messages.getStickerSet', 'messages.setBotCallbackAnswer', 'messages.setInlineBotResults', 'messages.uploadMedia',
  'stickers.addStickerToSet', 'stickers.changeSticker', 'stickers.changeStickerPosition', 'stickers.createStickerSet', 'stickers.deleteStickerSet', 'stickers.removeStickerFromSet', 'stickers.renameStickerSet',
  'stickers.replaceSticker', 'stickers.setStickerSetThumb', 'upload.getCdnFileHashes', 'upload.getFile', 'upload.getFileHashes', 'upload.reuploadCdnFile', 'upload.saveBigFilePart', 'upload.saveFilePart',
];
