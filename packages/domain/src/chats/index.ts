/**
 * Basic groups, supergroups and channels: rows, members, rights, and their projection for a viewer. Messages are not part of this folder.
 */
export { allFromAtJoin, type BotTerms, type BotSight, botSightOf, countBots, hearsMessage, NEXT_MESSAGES, privacyModeShows, seesMessage, type SightMember } from './bot-sight.ts';
export { countDeleted, countDeletedOf, countUnreadPosts, type DeletedPost, type ReadMark, saveGaps } from './channel-gap-store.ts';
export { addCounts, carryFormer, type ChannelView, countMembers, countsOf, findChannelLifetimes, findChannelMembers, findMemberCounts, NO_COUNTS, findChannelView, findChannelViews, findChannelRows, insertChannel, listChannelAdmins, nextChannelId, saveChannelMember, saveLastBot, saveLifetimeDate, updateChannel } from './channel-store.ts';
export { ChannelFlag, FLAG_EVENTS, type ChannelMemberRow, type ChannelRow, type ChatKind, type ChatMemberRow, type ChatRow, isChatRow, isForum, kindOf, markedIdOf, plainMember } from './chat-row.ts';
export { type ChatScope, findJoinedScopes, findScopes } from './chat-scope.ts';
export { findChatMembers, findChatRows, insertChat, listMemberIds, listMemberIdsSince, listMembers, nextChatId, type Reader, saveChatMembers, updateChat } from './chat-store.ts';
export { type Chats, createChats, IS_BOT } from './chats.ts';
export { type ChannelSight, findHiddenUpTo, findSight, hiddenUpTo, isHeard, isSeen, sightOf } from './hidden-history.ts';
export { findPrivateRetentionDays, findRetentionDays, moveRetention, PRIVATE_CHATS, removeOperatorSettings } from './operator-settings-store.ts';
export { findMemberships, livingGroup, type Memberships } from './memberships.ts';
export { projectChatParticipant, projectChatParticipants } from './project-chat.ts';
export {
  AdminRight,
  ALL_ADMIN_RIGHTS,
  ALL_BANNED_RIGHTS,
  BannedRight,
  CHAT_ADMIN_RIGHTS,
  packAdminRights,
  packBannedRights,
  projectAdminRights,
  projectBannedRights,
} from './right-bits.ts';
export { CHAT_ACTIONS, type ChatAction, checkGrant, checkRight, findRefusal, isAdmin, isAnonymous, mayDo, packDefaultRights, seesCommentsOnly, type Standing, standingIn, withComments } from './rights.ts';
