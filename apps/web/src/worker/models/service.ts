import type { tl } from '@mtcute/core';
import type { PeerId, ServiceAction } from '../../protocol/index.ts';
import { peerIdOf } from './ids.ts';

/** Reads what a service message of a chat tells. Pure. */
export function readAction(action: tl.TypeMessageAction, peer: PeerId): ServiceAction {
  switch (action._) {
    case 'messageActionChatCreate':
      return { kind: 'chatCreated', title: action.title, users: action.users };
    case 'messageActionChannelCreate':
      return { kind: 'channelCreated', title: action.title };
    case 'messageActionChatEditTitle':
      return { kind: 'titleChanged', title: action.title };
    case 'messageActionChatEditPhoto':
      return { kind: 'photoChanged' };
    case 'messageActionChatDeletePhoto':
      return { kind: 'photoRemoved' };
    case 'messageActionChatAddUser':
      return { kind: 'usersAdded', users: action.users };
    case 'messageActionChatDeleteUser':
      return { kind: 'userRemoved', user: action.userId };
    case 'messageActionChatJoinedByLink':
      return { kind: 'joinedByLink' };
    case 'messageActionChatJoinedByRequest':
      return { kind: 'joinedByRequest' };
    case 'messageActionPinMessage':
      return { kind: 'pinned' };
    case 'messageActionHistoryClear':
      return { kind: 'historyCleared' };
    case 'messageActionChatMigrateTo':
    case 'messageActionChannelMigrateFrom':
      return { kind: 'upgraded' };
    case 'messageActionContactSignUp':
      return { kind: 'signedUp' };
    case 'messageActionScreenshotTaken':
      return { kind: 'screenshot' };
    case 'messageActionSetMessagesTTL':
      return { kind: 'ttlChanged', seconds: action.period };
    case 'messageActionChangeCreator':
      return { kind: 'ownerChanged', user: action.newCreatorId };
    case 'messageActionNewCreatorPending':
      return { kind: 'ownerPending', user: action.newCreatorId };
    case 'messageActionNoForwardsToggle':
      return { kind: 'protectionChanged', isOn: action.newValue };
    case 'messageActionNoForwardsRequest':
      return { kind: 'protectionAsked', isOn: action.newValue };
    case 'messageActionSetChatWallPaper':
      return { kind: 'wallpaperChanged' };
    case 'messageActionSuggestProfilePhoto':
      return { kind: 'photoSuggested' };
    case 'messageActionSuggestBirthday':
      return { kind: 'birthdaySuggested' };
    case 'messageActionGeoProximityReached':
      return { kind: 'near', user: peerIdOf(action.fromId), other: peerIdOf(action.toId), meters: action.distance };
    case 'messageActionPhoneCall':
      return { kind: 'call', isVideo: action.video === true, isMissed: action.duration === undefined, seconds: action.duration ?? 0 };
    case 'messageActionRequestedPeer':
      return { kind: 'peersShared', peers: action.peers.map(peerIdOf), button: action.buttonId, bot: peer };
    case 'messageActionTodoCompletions':
      return { kind: 'tasksTicked', done: action.completed.length, undone: action.incompleted.length };
    case 'messageActionTodoAppendTasks':
      return { kind: 'tasksAdded', tasks: action.list.map(({ title }) => title.text) };
    case 'messageActionTopicCreate':
      return { kind: 'topicCreated', title: action.title, colour: action.iconColor };
    case 'messageActionTopicEdit':
      return { kind: 'topicEdited', title: action.title, isClosed: action.closed, isHidden: action.hidden };
    case 'messageActionPollAppendAnswer':
    case 'messageActionPollDeleteAnswer':
      return { kind: action._ === 'messageActionPollAppendAnswer' ? 'pollAnswerAdded' : 'pollAnswerDeleted', answer: action.answer.text.text };
    case 'messageActionBotAllowed':
      return { kind: 'botAllowed', bot: peer };
    default:
      return { kind: 'other', name: action._ };
  }
}
