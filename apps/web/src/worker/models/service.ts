import type { tl } from '@mtcute/core';
import type { PeerId, ServiceAction } from '../../protocol/index.ts';
import { channelPeer, groupPeer, peerIdOf } from './ids.ts';

/** For service messages of which this client knows nothing. */
const other = ({ _: name }: tl.TypeMessageAction): ServiceAction => ({ kind: 'other', name });

/** How a call ended. One that somebody declines is busy for the server. */
function endOf(reason: tl.TypePhoneCallDiscardReason | undefined): 'missed' | 'declined' | 'over' {
  if (reason?._ === 'phoneCallDiscardReasonMissed') return 'missed';
  return reason?._ === 'phoneCallDiscardReasonBusy' ? 'declined' : 'over';
}

/** What service messages of each kind tell. */
const READ: { readonly [Name in tl.TypeMessageAction['_']]: (action: tl.FindByName<tl.TypeMessageAction, Name>, peer: PeerId) => ServiceAction } = {
  messageActionBotAllowed: (_, peer) => ({ kind: 'botAllowed', bot: peer }),
  messageActionChangeCreator: (action) => ({ kind: 'ownerChanged', user: action.newCreatorId }),
  messageActionChannelCreate: (action) => ({ kind: 'channelCreated', title: action.title }),
  messageActionChannelMigrateFrom: (action) => ({ kind: 'upgraded', from: groupPeer(action.chatId) }),
  messageActionChatAddUser: (action) => ({ kind: 'usersAdded', users: action.users }),
  messageActionChatCreate: (action) => ({ kind: 'chatCreated', title: action.title, users: action.users }),
  messageActionChatDeletePhoto: () => ({ kind: 'photoRemoved' }),
  messageActionChatDeleteUser: (action) => ({ kind: 'userRemoved', user: action.userId }),
  messageActionChatEditPhoto: () => ({ kind: 'photoChanged' }),
  messageActionChatEditTitle: (action) => ({ kind: 'titleChanged', title: action.title }),
  messageActionChatJoinedByLink: () => ({ kind: 'joinedByLink' }),
  messageActionChatJoinedByRequest: () => ({ kind: 'joinedByRequest' }),
  messageActionChatMigrateTo: (action) => ({ kind: 'upgraded', to: channelPeer(action.channelId) }),
  messageActionContactSignUp: () => ({ kind: 'signedUp' }),
  messageActionGeoProximityReached: (action) => ({ kind: 'near', user: peerIdOf(action.fromId), other: peerIdOf(action.toId), meters: action.distance }),
  messageActionHistoryClear: () => ({ kind: 'historyCleared' }),
  messageActionNewCreatorPending: (action) => ({ kind: 'ownerPending', user: action.newCreatorId }),
  messageActionNoForwardsRequest: (action) => ({ kind: 'protectionAsked', isOn: action.newValue }),
  messageActionNoForwardsToggle: (action) => ({ kind: 'protectionChanged', isOn: action.newValue }),
  messageActionPhoneCall: (action) => ({ kind: 'call', isVideo: action.video === true, end: endOf(action.reason), ...(action.duration === undefined ? {} : { seconds: action.duration }) }),
  messageActionPinMessage: () => ({ kind: 'pinned' }),
  messageActionPollAppendAnswer: (action) => ({ kind: 'pollAnswerAdded', answer: action.answer.text.text }),
  messageActionPollDeleteAnswer: (action) => ({ kind: 'pollAnswerDeleted', answer: action.answer.text.text }),
  messageActionRequestedPeer: (action, peer) => ({ kind: 'peersShared', peers: action.peers.map(peerIdOf), button: action.buttonId, bot: peer }),
  messageActionScreenshotTaken: () => ({ kind: 'screenshot' }),
  messageActionSetChatTheme: ({ theme }) => ({ kind: 'themeChanged', emoji: theme._ === 'chatTheme' ? theme.emoticon : '' }),
  messageActionSetChatWallPaper: () => ({ kind: 'wallpaperChanged' }),
  messageActionSetMessagesTTL: (action) => ({ kind: 'ttlChanged', seconds: action.period }),
  messageActionSuggestBirthday: () => ({ kind: 'birthdaySuggested' }),
  messageActionSuggestProfilePhoto: () => ({ kind: 'photoSuggested' }),
  messageActionTodoAppendTasks: (action) => ({ kind: 'tasksAdded', tasks: action.list.map(({ title }) => title.text) }),
  messageActionTodoCompletions: (action) => ({ kind: 'tasksTicked', done: action.completed.length, undone: action.incompleted.length }),
  messageActionTopicCreate: (action) => ({ kind: 'topicCreated', title: action.title, colour: action.iconColor }),
  messageActionTopicEdit: (action) => ({ kind: 'topicEdited', title: action.title, ...(action.iconEmojiId ? { icon: action.iconEmojiId.toString() } : {}), isClosed: action.closed, isHidden: action.hidden }),
  messageActionBoostApply: other,
  messageActionConferenceCall: other,
  messageActionCustomAction: other,
  messageActionEmpty: other,
  messageActionGameScore: other,
  messageActionGiftCode: other,
  messageActionGiftPremium: other,
  messageActionGiftStars: other,
  messageActionGiftTon: other,
  messageActionGiveawayLaunch: other,
  messageActionGiveawayResults: other,
  messageActionGroupCall: other,
  messageActionGroupCallScheduled: other,
  messageActionInviteToGroupCall: other,
  messageActionManagedBotCreated: other,
  messageActionPaidMessagesPrice: other,
  messageActionPaidMessagesRefunded: other,
  messageActionPaymentRefunded: other,
  messageActionPaymentSent: other,
  messageActionPaymentSentMe: other,
  messageActionPrizeStars: other,
  messageActionRequestedPeerSentMe: other,
  messageActionSecureValuesSent: other,
  messageActionSecureValuesSentMe: other,
  messageActionStarGift: other,
  messageActionStarGiftPurchaseOffer: other,
  messageActionStarGiftPurchaseOfferDeclined: other,
  messageActionStarGiftUnique: other,
  messageActionSuggestedPostApproval: other,
  messageActionSuggestedPostRefund: other,
  messageActionSuggestedPostSuccess: other,
  messageActionWebViewDataSent: other,
  messageActionWebViewDataSentMe: other,
};

/** Reads what a service message of a chat tells. Pure. */
export function readAction(action: tl.TypeMessageAction, peer: PeerId): ServiceAction {
  // The cast is safe: the entry of each name reads actions of that name. The server may be newer than this client.
  return ((READ as Partial<typeof READ>)[action._] as ((action: tl.TypeMessageAction, peer: PeerId) => ServiceAction) | undefined)?.(action, peer) ?? other(action);
}
