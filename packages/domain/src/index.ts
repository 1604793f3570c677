/** The whole public face of the domain, by subject. */
export { createDomain, type Domain } from './domain.ts';

// People: their log-in, contacts and settings.
export {
  type ActingAdmin, type Admin, ADMIN_SESSION_LIFE_S, type AdminChallenge, type AdminDoor, doGrantAdmin, doRevokeAdmin, listAdmins,
  ATTEMPT_LIFE_S, type CheckOutcome, CODE_LENGTH, type CompanyAccounts, type CompanyChecks, type CompanyClaims, type CompanyPerson, type CompanySessions, type ConnectionInit, doBanPhone, doInvite, doMakeBotAtOnce, doMakeInvitationLink, doRevokeInvitationLink, INVITATION_LINK_MOST, type InvitationLink, type InvitationLinks, type Invited, listInvitationLinks, type NewInvitationLink, doMakeBotByOperator, doMakePerson, doOrderBotDeletion, doRevokeByOperator, doRevokeInvitation, doSetBotByOperator, EMAIL_CODE_LENGTH, emailPattern, type EnteredAccount, type EnterOutcome, findCompanyAccount, isInGroup, type KeyState, listInvitations, type LoginDevice, type LoginToken, type MovedLogin, newPasswordAlgo, type NewPerson,
  findInvitation, findPassword, findSecurity,
  passwordAlgo, type Prover, readPerson, type RefreshAnswer, SESSION_LIFE_S, type SentCode, type SignUpInvitation,
} from './auth/index.ts';
export { maySee, type PresenceSign, type Users } from './users/index.ts';
export { type BotViewer, type CommandPlace, COMMAND_DESCRIPTION_MAX, COMMANDS_MAX, CommandScope, EVERYWHERE, langCodeOf } from './bot-info/index.ts';
export { type BotRow, readBotToken } from './bot-rows/index.ts';
export type { BotQuestions, ToldUpdate } from './bot-queries/index.ts';
export { type BotProgress, type BotReach, type BotUpdates, countBotUpdates, type OpenedBotUpdates, type StoredBotUpdate } from './bot-updates/index.ts';
export { BUTTON_DATA_MAX, BUTTON_PAYLOAD_MAX, BUTTON_TEXT_MAX, BUTTON_URL_MAX, emojiInMarkup, type MarkupPlace, rebuildMarkup, REQUESTED_MAX } from './keyboards/index.ts';
export { type Chosen, INLINE_ID_BYTES, INLINE_QUERY_MAX, INLINE_RESULTS_MAX, START_PARAM_MAX } from './inline/index.ts';
export { type BotAccount, type BotMaker, type BotSettings, isBotUsername, listBots, type NewBot } from './bots/index.ts';
export { type BotWebhooks, findWebhooks, type NewWebhook, readWebhookUrl, type WebhookRow, type WebhookTrouble } from './bot-webhooks/index.ts';
export { type Contacts, searchUsers } from './contacts/index.ts';
export type { AutoSaveScope } from './settings/index.ts';
export type { Notifications, NotifyScope } from './notifications/index.ts';
export { PRIVACY_KEYS } from './privacy/index.ts';
export { loadLanguages, type OfferedLanguage, projectLangText } from './languages/index.ts';

// Peers, and the right to name them.
export { cleanLine, type ColorColumns, findNormalPhone, loadSecretKeys, type MarkColumns, markedOffsetPeer, normalizePhone, PeerSet, type SecretKeyDeps, testCodeOf, type UserRow } from './peers/index.ts';
export {
  accessDialogPeer, type BoxPeer, inputPeerOf, type ResolvedChannel, type ResolvedChat,
  type ResolvedPeer, type ResolvedUser,
} from './access/index.ts';

// Message boxes, updates and hints.
export {
  type BoxEvent, type BoxHint, type BoxPosition, type DeviceEvent, type DeviceHint, entitiesOf, hasFlag, type LoggedUpdateEvent, MessageFlag, type MessageRow,
  onChannelHint, onUserHint, type Origin, packMessageExtra, type PostRow, type TransientHint, unpackMessageExtra, type UserHint,
} from './events/index.ts';
export type { DevicePlace, DeviceSlice, KnownDevices, MovedDevice } from './device-log/index.ts';
export { openWebPushToken, TokenType } from './auth/index.ts';
export type { PushEnvelope, PushOutcome, PushSender, PushTarget } from './shared/index.ts';
export type { BoxReach, ChannelUpdates, KnownPositions, PushClass, PushClasses } from './updates/index.ts';

// Messages.
export {
  type ActionTable, askAction, askMedia, type BuiltAction, type BuiltMedia, type ContentFile, endMedia, type FileFill, type FileMedia, filesOf,
  fillAction, fillMedia, hasCaption, isText, lifetimeOf, mediaInside, mediaKindOf, type MediaTable, roleOf,
} from './content/index.ts';
export {
  ALBUM_MAX, CAPTION_LENGTH_MAX, checkAlbum, cutToBytes, ENTITIES_MAX, type ContentAct, type FormattedText, isFileInput, isLive, isStateEdit, isTextInput, isUpload, LANGUAGE_MAX,
  type MediaEdit, MESSAGE_LENGTH_MAX, type NewOutgoing, type OutgoingPart, type OutgoingReply, preparePart, projectMessage,
  projectMissingMessage, projectScheduled, projectTtl, READ_DATES_KEPT_S, READERS_MEMBERS_MAX, type ScheduledRow, storesSomething, type TextPart, type UnreadTable,
  UNTIL_ONLINE_DATE, URL_MAX,
} from './messages/index.ts';
export { checkPosting, type Schedule } from './scheduled/index.ts';
export { accessReactions, REACTIONS_OF_USER_MAX } from './reactions/index.ts';
export type { SavedDialog } from './saved/index.ts';
export type { SecretChats, SecretMessage } from './secret-chats/index.ts';
export { countedPostOf } from './post-counts/index.ts';
export type { PostReactionsDoor } from './post-reactions/index.ts';

// Calls between two people.
export type { CallRef, CallRow } from './calls/index.ts';

// Groups and channels, and the ways into them.
export type { BotPlace } from './bot-grants/index.ts';
export { AdminRight, ALL_ADMIN_RIGHTS, ChannelFlag, checkRight, findRetentionDays, hiddenUpTo, isChatRow, isForum, kindOf, livingGroup, PRIVATE_CHATS, projectAdminRights, standingIn } from './chats/index.ts';
export { type GroupActing, type GroupOutcome, type Invitation, UNIQUE_REACTIONS_MAX } from './groups/index.ts';
export {
  type Acting as ChannelActing, type ChannelOutcome, LogFilter, newPostUpdate, copiedPostOf, PLAYED_KEPT_S, type PostWindow, projectPost, type ThreadPart, topicOf, GENERAL_TOPIC_ID,
  type ListedTopic,
  projectHiddenPost,
  type TopicOffset,
} from './channel-state/index.ts';
export { signatureOf } from './channel-posts/index.ts';
export { PINNED_TOPICS_MAX, projectListedTopics } from './channel-topics/index.ts';
export {
  type ChannelDoor, type ChannelInvitation, type InvitePreview, type ParticipantFilter, PUBLIC_CHANNELS_MAX, RECOMMENDED_MAX,
  usernameIn,
} from './channels/index.ts';
export {
  checkedInviteHash, type EntryOutcome, hashOfInviteLink, inviteLinkOf, type InviteRow, isInviteOver, listInvitesOfAll,
  projectInvite,
} from './invites/index.ts';
export { ELSEWHERE, type LinkPage, type LinkPages } from './link-pages/index.ts';

// The list of chats and its folders.
export { FILTER_CHATS_MAX, FILTERS_MAX, type FolderLink } from './chat-list/index.ts';
export { FOLDER_LINKS_MAX } from './shared-folders/index.ts';

// Search and previews of web pages.
export {
  indexAllBehind, type MatchQuery, type MessageKind, type MessageMatches, type MessageQuery, type PeerKind, rebuildSearch,
  type SearchedBox, type WidePlace, type WideQuery,
} from './search/index.ts';
export { findFirstUrl, type PreviewStyle, showsUrl } from './web-pages/index.ts';
export { CHAT_THEMES, findChatTheme } from './wallpapers/index.ts';

// Files.
export {
  BLOB_PLACE_MS, confirmStrays, doAdoptStore, doClaimStore, doRemoveStray, dropBlobBlock, type FaultyBlob, FilesUnavailable, findBlobByHash,
  findFaultyBlobs, findFilesOwner, findMissingMasterKeys, findStrayDoubt, isSoundBlob, listBlockedBlobs, listDeletedBlobs,
  type ModeratedBlob, saveBlobBlock, type StrayDoubt,
} from './blobs/index.ts';
export {
  ALLOWED_REACTIONS_MAX, bundledEmojiAlt, customEmojiIn, DEFAULT_REACTION, doCreateFileLink, FILE_LINK_MAX_S, type GivenEmoji, isBundled, isBundledEmoji, isEffect, keyOfReaction, KNOWN_REACTIONS,
  type MediaTarget, type NamedPart, type ProfilePicture, reactionOfKey, thumbIdOf, VIEW_ONCE, wantedReactions,
} from './documents/index.ts';
export { type AnswerChange, makeAnswerMedia, POLL_ANSWERS_MAX, POLL_CLOSE_PERIOD_MAX, Polls } from './polls/index.ts';
export { type ListChange, prepareTodoItems, TODO_ITEM_LENGTH_MAX, TODO_ITEMS_MAX, TODO_TITLE_LENGTH_MAX } from './checklists/index.ts';
export type { BotFiles, UsableFile } from './bot-files/index.ts';
export type { ProfileEditor } from './profile-photos/index.ts';
export {
  DICE, FAVED_STICKERS_MAX, type KeptListName, type PhotoMediaInput, RECENT_STICKERS_MAX, RINGTONE_BYTES_MAX,
  RINGTONE_SECONDS_MAX, RINGTONES_MAX, SAVED_GIFS_MAX,
} from './collections/index.ts';
export { listNewestSets } from './sticker-sets/index.ts';
export type { SetHead, SetKind, SetMaker, SetsChange, SetWish, StickerSets } from './sticker-sets/index.ts';
export {
  type BlobUses, countBlobUses, countFiles, type DocumentMediaInput, doDeleteBlob, type FileNumbers, findBlobOfDocument,
  type LinkedFile,
} from './files/index.ts';
export { loadWebFileSigner, type OpenWebFile, type WebFileSigner } from './web-files/index.ts';

// CDN nodes.
export {
  type CdnNodeChange, type CdnNodeRow, type CdnNodeState, doAddCdnNode, doRemoveCdnNode, findCdnNode, isClientHost,
  listCdnNodeChanges, listCdnNodes, type NewCdnNode, openCdnNode, saveCdnNodeSecret, saveCdnNodeState, saveKnownRevision,
} from './cdn-nodes/index.ts';
export type { CdnCaller } from './cdn/index.ts';

// Operators.
export { countShownDevices, type DeviceCount, doForgetDevices, doTestDevices, listShownDevices, type ShownDevice } from './notices/index.ts';
export {
  type AccountCommand, type AccountDevice, type AccountLimit, type AccountRow, ALL_CHATS, asAdmin, type Badge, BADGES, type CardCount, countCards, describeLimit, findOperatorEntry, type MarkChange, orderAccountLimit, orderMark, doChangeDefaultSets, doDeleteSet, doListSet, doOrderCommand, doOrderForAccount, findSetByName, listDefaultSets,
  findAccountRow, listAccountDevices, listAccounts, listOnline, RESTRICTION_TEXT_MAX, searchAccounts,
  describeMaintenance, excerptOf, findMaintenance, listNotices, type MaintenanceWatch, NOTICE_PAUSE_MS, NOTICE_SLICE, orderNotice, startMaintenance, stopMaintenance, stopNotice, watchMaintenance, listNewcomerChannels, listOperatorLog, listRetention, NEWCOMER_CHANNELS_MAX,
  noteExport, noteOperator, type OperatorEntry, readServerFigures, type Retention, RETENTION_DAYS_MAX, saveNewcomerChannel, saveRetention, type ServerFigures,
} from './operators/index.ts';
export {
  closeReports, countOpenReports, CREATION_SUBJECTS, type CreationSubject, CREATORS, type Creators, findReports,
  listCreationPolicies, listReports, type ReportRow, REPORTS_MAX, saveCreators, saveListedCreator,
} from './moderation/index.ts';

// What every subject uses.
export {
  type CallRelay, type CodeDelivery, type CodeWay, createKeyedMac, type DcAddress, type DcAddresses, type DomainConfig, type DomainDeps, type FetchedPage, FileCpu, type FileStorage, given, type HasLimits, isVisibleText,
  ME_URL_PREFIX, normalizeUrl, type OutgoingCode, type OutgoingEmail, type OwnRelay, type PageFetcher, type PeriodQuota, QUOTA_CHANNEL,
  type QuotaName, QUOTAS, type RefillQuota, type UserKey, type WebTokenDevice, type WebTokens,
} from './shared/index.ts';
export { pageSize } from '@aerogram/runtime';
