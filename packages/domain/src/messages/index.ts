/** Messages: sending, editing, deleting, reading and listing. */
export { addNotice } from './add-notice.ts';
export { applyPage } from './apply-page.ts';
export { ArrivalTerms, logTtl, projectTtl } from './arrival-terms.ts';
export { type FormattedText, MESSAGE_LENGTH_MAX } from './check-text.ts';
export { ANSWER_BYTES, cutToBytes } from './cut-to-bytes.ts';
export { removeAndLog } from './do-delete-messages.ts';
export { EDIT_TIME_LIMIT_S } from './do-edit-message.ts';
export { ScheduledChanged } from './due-messages.ts';
export { editMedia, type MediaEdit } from './edit-media.ts';
export { dropExpiring } from './expiring-store.ts';
export { findBarrier } from './find-barrier.ts';
export { findCopies, findMessage, findMessages } from './find-messages.ts';
export { findReceivers } from './find-receivers.ts';
export { findMentioned } from './find-mentioned.ts';
export { createReadDateJob, READ_DATES_KEPT_S } from './find-read-date.ts';
export { READERS_MEMBERS_MAX } from './find-readers.ts';
export { keepScheduled, orderSend, SEND_JOB, sendOrderCodec } from './keep-scheduled.ts';
export { isLive } from './live-location.ts';
export { insertArrivals, removeMessages, updateMessages } from './message-store.ts';
export { type HistoryWindow, listWindow } from './list-history.ts';
export { createMessages, type Messages, prepareText, type TextMessage } from './messages.ts';
export type { MessagingDeps } from './messaging-deps.ts';
export type { NewOutgoing, Outgoing, OutgoingPart, OutgoingReply } from './outgoing.ts';
export { listPins } from './pin-store.ts';
export { chatIdOf, othersOf, type Place, placesInChat, placesOf, writeDialog } from './places.ts';
export { projectMessage, projectMissing } from './project-message.ts';
export { keyOfReaction, listReactions, projectReactions } from './project-reactions.ts';
export { projectScheduled, UNTIL_ONLINE_DATE } from './project-scheduled.ts';
export { clearRecent, findDefaultReaction, listRecent, listUsed, saveReactions, saveUse } from './reaction-store.ts';
export { LANGUAGE_MAX, URL_MAX } from './rebuild-entities.ts';
export { ReplyTargets } from './reply-targets.ts';
export {
  findScheduled,
  findScheduledBy,
  findSendable,
  hasScheduled,
  listAwaited,
  refuseAllScheduled,
  refuseScheduled,
  removeScheduled,
  type ScheduledKey,
  type ScheduledRow,
  takeScheduledIds,
  updateScheduled,
} from './scheduled-store.ts';
export { findSendKeys } from './send-key-store.ts';
export { dropEmptySavedPins, findSavedPeers, listSavedPins, saveSavedPins } from './saved-pin-store.ts';
export { countUnread, listUnread } from './unread-store.ts';
export { listTags, type SavedTag, saveTags, saveTagTitle } from './tag-store.ts';
