import type { tl } from '@aerogram/tl';

import type { ACTION_PEERS } from '../peers/index.ts';
import { type ActionKind, filtersOfCall, NOT_WRITTEN, onePhoto, SAID, sharedPeers, wallpaperFile } from './action-kind.ts';
import { always, type ContentFile, type ContentFilter, type FileFill } from './media-kind.ts';

/**
 * Every kind of service message of the schema. A kind that is added takes the place of `NOT_WRITTEN`, which needs its entry in
 * `peers/content-peers.ts`; `BuiltAction` follows from it, and with it every table of other packages that must say something about the kind.
 */
const ACTION_KINDS = {
  messageActionBotAllowed: SAID,
  messageActionChangeCreator: SAID,
  messageActionChannelCreate: SAID,
  messageActionChannelMigrateFrom: SAID,
  messageActionChatAddUser: SAID,
  messageActionChatCreate: SAID,
  messageActionChatDeletePhoto: SAID,
  messageActionChatDeleteUser: SAID,
  messageActionChatEditPhoto: { filters: always(['chat_photo']), files: onePhoto() },
  messageActionChatEditTitle: SAID,
  messageActionChatJoinedByLink: SAID,
  messageActionChatJoinedByRequest: SAID,
  messageActionChatMigrateTo: SAID,
  messageActionContactSignUp: SAID,
  messageActionEmpty: SAID,
  messageActionGeoProximityReached: SAID,
  messageActionHistoryClear: SAID,
  messageActionNewCreatorPending: SAID,
  messageActionNoForwardsRequest: SAID,
  messageActionNoForwardsToggle: SAID,
  messageActionPhoneCall: { filters: filtersOfCall, files: undefined },
  messageActionPinMessage: SAID,
  messageActionPollAppendAnswer: SAID,
  messageActionPollDeleteAnswer: SAID,
  messageActionRequestedPeer: SAID,
  messageActionRequestedPeerSentMe: { ...SAID, files: sharedPeers },
  messageActionScreenshotTaken: SAID,
  messageActionSetChatTheme: SAID,
  messageActionSetChatWallPaper: { ...SAID, files: wallpaperFile },
  messageActionSetMessagesTTL: SAID,
  messageActionSuggestBirthday: SAID,
  messageActionSuggestProfilePhoto: { ...SAID, files: onePhoto() },
  messageActionTodoAppendTasks: SAID,
  messageActionTodoCompletions: SAID,
  messageActionTopicCreate: SAID,
  messageActionTopicEdit: SAID,
  messageActionBoostApply: NOT_WRITTEN,
  messageActionChangeCommunity: NOT_WRITTEN,
  messageActionChatJoinedViaCommunity: NOT_WRITTEN,
  messageActionConferenceCall: NOT_WRITTEN,
  messageActionCustomAction: NOT_WRITTEN,
  messageActionGameScore: NOT_WRITTEN,
  messageActionGiftCode: NOT_WRITTEN,
  messageActionGiftPremium: NOT_WRITTEN,
  messageActionGiftStars: NOT_WRITTEN,
  messageActionGiftTon: NOT_WRITTEN,
  messageActionGiveawayLaunch: NOT_WRITTEN,
  messageActionGiveawayResults: NOT_WRITTEN,
  messageActionGroupCall: NOT_WRITTEN,
  messageActionGroupCallScheduled: NOT_WRITTEN,
  messageActionInviteToGroupCall: NOT_WRITTEN,
  messageActionManagedBotCreated: NOT_WRITTEN,
  messageActionPaidMessagesPrice: NOT_WRITTEN,
  messageActionPaidMessagesRefunded: NOT_WRITTEN,
  messageActionPaymentRefunded: NOT_WRITTEN,
  messageActionPaymentSent: NOT_WRITTEN,
  messageActionPaymentSentMe: NOT_WRITTEN,
  messageActionPrizeStars: NOT_WRITTEN,
  messageActionSecureValuesSent: NOT_WRITTEN,
  messageActionSecureValuesSentMe: NOT_WRITTEN,
  messageActionStarGift: NOT_WRITTEN,
  messageActionStarGiftPurchaseOffer: NOT_WRITTEN,
  messageActionStarGiftPurchaseOfferDeclined: NOT_WRITTEN,
  messageActionStarGiftUnique: NOT_WRITTEN,
  messageActionSuggestedPostApproval: NOT_WRITTEN,
  messageActionSuggestedPostRefund: NOT_WRITTEN,
  messageActionSuggestedPostSuccess: NOT_WRITTEN,
  messageActionWebViewDataSent: NOT_WRITTEN,
  messageActionWebViewDataSentMe: NOT_WRITTEN,
} satisfies { [Name in tl.MessageAction['_']]: Name extends keyof typeof ACTION_PEERS ? ActionKind<Extract<tl.MessageAction, { _: Name }>> : typeof NOT_WRITTEN };

/** The names of the kinds of service messages that this server writes, or that its messages may have. */
export type BuiltAction = { [Name in keyof typeof ACTION_KINDS]: (typeof ACTION_KINDS)[Name] extends { isNotBuilt: true } ? never : Name }[keyof typeof ACTION_KINDS];

function actionKindOf(action: tl.MessageAction): ActionKind {
  return ACTION_KINDS[action._];
}

/** The search filters that find a service message. Pure. */
export function filtersOfAction(action: tl.MessageAction): readonly ContentFilter[] {
  return actionKindOf(action).filters(action);
}

/** The photos and documents that a service message shows. Pure. */
export function filesOfAction(action: tl.MessageAction): readonly ContentFile[] {
  return actionKindOf(action).files?.list(action) ?? [];
}

/** A service message with what a viewer needs to load its files. Pure. @param fillOf is called only for those that can show files */
export function fillAction(action: tl.MessageAction, fillOf: () => FileFill): tl.MessageAction {
  return actionKindOf(action).files?.fill(action, fillOf()) ?? action;
}
