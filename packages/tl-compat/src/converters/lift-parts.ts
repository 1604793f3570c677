// Constructors inside requests.
import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

const withoutEntities = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] });
const sameBytes = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

export function liftPoll144(o: old.poll_86e18161): tl.poll {
  return { ...o, _: 'poll', question: withoutEntities(o.question), hash: 0n };
}

export function liftPoll198(o: old.poll_58747131): tl.poll {
  return { ...o, _: 'poll', hash: 0n };
}

export function liftPollAnswer(o: old.pollAnswer_6ca9c2e9): tl.pollAnswer {
  return { _: 'pollAnswer', text: withoutEntities(o.text), option: o.option };
}

/** Correct answers were given by option and are now given by index; an option that no answer has becomes an invalid index. */
export function liftInputMediaPoll(o: old.inputMediaPoll_0f94e5f1): tl.inputMediaPoll {
  const placeOf = (option: Uint8Array) => o.poll.answers.findIndex((a) => a._ === 'pollAnswer' && sameBytes(a.option, option));
  return { ...o, _: 'inputMediaPoll', correct_answers: o.correct_answers?.map(placeOf) };
}

export function liftDialogFilter(o: old.dialogFilter_7438f7e8 | old.dialogFilter_5fb5523b): tl.dialogFilter {
  return { ...o, _: 'dialogFilter', title: withoutEntities(o.title) };
}

export function liftDialogFilterChatlist(o: old.dialogFilterChatlist_9fe28ea4): tl.dialogFilterChatlist {
  return { ...o, _: 'dialogFilterChatlist', title: withoutEntities(o.title) };
}

export function liftEmojiStatusUntil({ document_id, until }: old.emojiStatusUntil_fa30a8c7): tl.emojiStatus {
  return { _: 'emojiStatus', document_id, until };
}

export function liftVideo(o: old.documentAttributeVideo_0ef02ce6): tl.documentAttributeVideo {
  return { ...o, _: 'documentAttributeVideo' };
}

export function liftGlobalPrivacy(o: old.globalPrivacySettings_bea2f424): tl.globalPrivacySettings {
  return { _: 'globalPrivacySettings', archive_and_mute_new_noncontact_peers: o.archive_and_mute_new_noncontact_peers || undefined };
}

export function liftInvoice(o: old.invoice_3e85a91b): tl.invoice {
  const { recurring_terms_url, ...rest } = o;
  return { ...rest, _: 'invoice', terms_url: recurring_terms_url };
}

/** The client alone chose the size of the queues; these are the values that official servers suggest. */
export function liftAutoDownloadSettings(o: old.autoDownloadSettings_8efab953): tl.autoDownloadSettings {
  return { ...o, _: 'autoDownloadSettings', small_queue_active_operations_max: 5, large_queue_active_operations_max: 2 };
}

/** Calls are no longer moved into groups by a key. */
export function liftAllowGroupCall(_o: old.phoneCallDiscardReasonAllowGroupCall_afe2b839): tl.phoneCallDiscardReasonHangup {
  return { _: 'phoneCallDiscardReasonHangup' };
}
