/** The rows of `dialogs`, one per owner and peer: drafts, folders, read and unread marks, message lifetimes. */
export { type DialogPlace, saveTtl } from './chat-ttl-store.ts';
export { checkTtlPeriod } from './check-ttl-period.ts';
export {
  type DialogLoss,
  saveDraftBytes,
  saveFolder,
  savePinnedOrder,
  saveReadInbox,
  saveReadOutbox,
  saveUnreadMark,
  subtractFromDialog,
} from './dialog-store.ts';
export { clearAllDrafts, clearDrafts, DRAFT_MAX_BYTES, findDrafts, listNewestDrafts } from './draft-store.ts';
export { clearAllThreadDrafts, type DraftThread, dropThreadDrafts, findThreadDraft, listNewestThreadDrafts, openThreadDraft, saveThreadDraft, THREAD_DRAFTS_MAX } from './thread-draft-store.ts';
export { findFolderTags, isInFolder, listFilters, removeFilter, saveFilter, saveFilterOrder } from './filter-store.ts';
export { BOT_CHANNELS_FACTOR, type ChangedChannel, countFollowedChannels, type FollowedChannel, listChangedChannels, listFollowedChannels, listFollowedChats } from './channel-dialogs.ts';
export { followChannel, type FollowStart, saveChannelMark, saveViewAsMessages, touchChannelMark, unfollowChannel } from './channel-dialog-store.ts';
export type { DialogRow } from './dialog-row.ts';
export { type DialogPage, type DialogSlice, findDialogs, isListed, listArchive, listDialogs, listPinned } from './list-dialogs.ts';
export { projectPinned, projectPinnedOrder, projectSavedOrder, projectSavedPinned } from './project-pins.ts';
export { moveDraftsTo, type ReadWhole, replaceInFilters, saveReadWhole, type Succession, takeOverDialogs } from './take-over-store.ts';
export { PROTECTED_BY } from './protected-by.ts';
