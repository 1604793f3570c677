/** Messages: sending, editing, deleting, reading and listing. */
export { addressedBots, type AddressingMessage, type AddressingTarget, type GroupBot, listGroupBots, mayAddress } from './addressed-bots.ts';
export { addNotice } from './add-notice.ts';
export { allowedPreview, withAllowedPreview } from './allowed-preview.ts';
export { applyPage, showPage } from './apply-page.ts';
export { applyToBoxes, type DialogEffect, dialogEffectFields, wireGlobalId } from './dialog-effects.ts';
export { createDeleteHandlers } from './apply-deletions.ts';
export { createEditHandler } from './apply-edits.ts';
export { createReadHandler } from './apply-reads.ts';
export { ArrivalTerms, logTtl, projectTtl } from './arrival-terms.ts';
export { CAPTION_LENGTH_MAX, type FormattedText, MESSAGE_LENGTH_MAX, withDetected } from './check-text.ts';
export { ANSWER_BYTES, cutToBytes } from './cut-to-bytes.ts';
export { removeAndLog } from './do-delete-messages.ts';
export { completeParts } from './complete-parts.ts';
export { ALBUM_MAX, checkAlbum, isAlbum } from './album.ts';
export { applyEdit, type ContentEdit, EDIT_TIME_LIMIT_S, findEditPreview, isSameContent, waitsFor } from './do-edit-message.ts';
export { type ActDeps, actKindOf, type ContentAct, withShown } from './content-acts.ts';
export { DueMessages, ScheduledChanged } from './due-messages.ts';
export { editMedia, finishEdit, isStateEdit, type MediaEdit, needsRight, type PollEnd } from './edit-media.ts';
export { checkReactionsJob, dropReactions, dropReactionsJob } from './drop-reactions-store.ts';
export { dropExpiring } from './expiring-store.ts';
export { findBarrier, isBarred } from './find-barrier.ts';
export { findForwardSource } from './find-forward-source.ts';
export { findHiddenAuthors } from './find-hidden-authors.ts';
export { findCopies, findGlobalIds, findMessage, findMessages } from './find-messages.ts';
export { findReceivers } from './find-receivers.ts';
export { actionsOfFile, sendActionOf, sendActionsOf } from './send-action.ts';
export { findMentioned } from './find-mentioned.ts';
export { createForgetJob, createReadDateJob, READ_DATES_KEPT_S } from './find-read-date.ts';
export { checkHasReaders, type MessageReader, type ReaderPrivacy, READERS_MEMBERS_MAX, showReaders } from './find-readers.ts';
export { keepScheduled, orderSend, SEND_JOB, sendOrderCodec } from './keep-scheduled.ts';
export { isLive } from './live-location.ts';
export { createMediaInputs, type MediaInputs } from './media-inputs.ts';
export { dropMessagesOf, insertArrivals, removeMessages, updateMessages } from './message-store.ts';
export type { HistoryAffected } from './do-delete-history.ts';
export { type HistoryWindow, listWindow } from './list-history.ts';
export { countNotice, createMessages, type Messages, preparePart, type TextPart } from './messages.ts';
export { type MessagingDeps, ORDER_FATHER } from './messaging-deps.ts';
export { createPassingMediaJob } from './passing-media.ts';
export type { NewOutgoing, Outgoing, OutgoingPart, OutgoingReply } from './outgoing.ts';
export { listPins, type StoredPlace } from './pin-store.ts';
export { createNamesPeer, type Naming } from './names-peer.ts';
export { chatIdOf, type DialogDeps, type PersonElsewhere, findElsewhere, othersOf, type Place, placesInChat, placesOf, writeDialog } from './places.ts';
export { authorHeader, CONTENT_FLAGS, copyHeader, type Forwarding, type ForwardSource, prepareForward } from './prepare-forward.ts';
export { isFileInput, isTextInput, isUpload, listBesides, storesSomething } from './prepare-media.ts';
export { projectMessage, projectMissingMessage } from './project-message.ts';
export { listReactions, projectReactions } from './project-reactions.ts';
export { projectScheduled, UNTIL_ONLINE_DATE } from './project-scheduled.ts';
export { clearRecent, findDefaultReaction, listRecent, listUsed, type ReactionUse, saveReactions, saveUses } from './reaction-store.ts';
export { ENTITIES_MAX, LANGUAGE_MAX, URL_MAX } from './rebuild-entities.ts';
export { findReplyError, ReplyTargets } from './reply-targets.ts';
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
export { findSendKeys, sendKeyOf } from './send-key-store.ts';
export { dropEmptySavedPins, findSavedPeers, listSavedPins, saveSavedPins } from './saved-pin-store.ts';
export { headerInTopic } from './topic-header.ts';
export { createMessageHandler } from './apply-messages.ts';
export { checkTravels } from './prepare-elsewhere.ts';
export { createSendNames, type SendNames } from './send-names.ts';
export { orderSeeingAll, orderUnseenAgain, SEE_ALL, UNSEEN_REACTIONS_AGAIN, UNSEEN_VOTES_AGAIN } from './unseen-again-store.ts';
export { addUnread, addUnreadMentionsLast, countUnread, dropUnread, dropUnreadUpTo, listUnread, listUnreadAmong, type UnreadPlace, type UnreadTable } from './unread-store.ts';
export { listTags, type SavedTag, saveTags, saveTagTitle } from './tag-store.ts';
