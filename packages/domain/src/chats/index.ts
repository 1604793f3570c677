/**
 * Basic groups, supergroups and channels: rows, members, rights, and their projection for a viewer. Messages are not part of this folder.
 */
export { countDeleted, countDeletedOf, countUnreadPosts, type DeletedPost, saveGaps } from './channel-gap-store.ts';
export { type ChannelView, countMembers, findChannelMembers, findChannelViews, findChannelRows, insertChannel, nextChannelId, saveChannelMember, updateChannel } from './channel-store.ts';
export { ChannelFlag, type ChannelMemberRow, type ChannelRow, type ChatKind, type ChatMemberRow, type ChatRow, isChatRow, kindOf, markedIdOf } from './chat-row.ts';
export { type ChatScope, findJoinedScopes, findScopes } from './chat-scope.ts';
export { findChatMembers, findChatRows, insertChat, listMemberIds, listMemberIdsSince, listMembers, nextChatId, saveChatMembers, updateChat } from './chat-store.ts';
export { type Chats, createChats } from './chats.ts';
export { projectChatParticipant, projectChatParticipants } from './project-chat.ts';
export {
  AdminRight,
  ALL_ADMIN_RIGHTS,
  ALL_BANNED_RIGHTS,
  BannedRight,
  CHAT_ADMIN_RIGHTS,
  FOREVER_DATE,
  packAdminRights,
  packBannedRights,
  projectAdminRights,
  projectBannedRights,
} from './right-bits.ts';
export { CHAT_ACTIONS, type ChatAction, checkGrant, checkRight, findRefusal, isAnonymous, mayDo, type Standing, standingIn } from './rights.ts';
