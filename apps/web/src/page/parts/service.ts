import type { PeerId, ServiceAction } from '../../protocol/index.ts';
import { peerSignal, session } from '../ground/link.ts';
import { formatSeconds } from './dates.ts';
import { authorName, namedAsObject } from './names.tsx';
import { t } from '../ground/text.ts';

/** Says what a service message tells. */
export function describeService(action: ServiceAction, from: PeerId): string {
  const author = authorName(from);
  switch (action.kind) {
    case 'chatCreated':
      return t('serviceChatCreated', { author, title: action.title });
    case 'channelCreated':
      // What a channel tells comes from itself; a supergroup was created by somebody.
      return peerSignal(from).value?.kind === 'channel' ? t('serviceChannelCreated') : t('serviceChatCreated', { author, title: action.title });
    case 'titleChanged':
      return t('serviceTitle', { author, title: action.title });
    case 'photoChanged':
      return t('servicePhoto', { author });
    case 'photoRemoved':
      return t('servicePhotoRemoved', { author });
    case 'pinned':
      return t('servicePinned', { author });
    case 'historyCleared':
      return t('serviceCleared');
    case 'upgraded':
      return t('serviceUpgraded');
    case 'joinedByLink':
      return t('serviceJoinedByLink', { author });
    case 'joinedByRequest':
      return t('serviceJoinedByRequest', { author });
    case 'signedUp':
      return t('serviceSignedUp', { author });
    case 'screenshot':
      return t('serviceScreenshot', { author });
    case 'usersAdded':
      return action.users.length === 1 && action.users[0] === from ? t('serviceJoined', { author }) : t('serviceAdded', { author, names: action.users.map(namedAsObject).join(', ') });
    case 'userRemoved':
      return action.user === from ? t('serviceLeft', { author }) : t('serviceRemoved', { author, names: namedAsObject(action.user) });
    case 'ttlChanged':
      return action.seconds === 0 ? t('serviceTtlOff', { author }) : t('serviceTtl', { author, time: formatSeconds(action.seconds) });
    case 'ownerChanged':
      return t('serviceOwner', { names: authorName(action.user) });
    case 'ownerPending':
      return t('serviceOwnerPending', { names: authorName(action.user) });
    case 'protectionChanged':
      return t(action.isOn ? 'serviceProtected' : 'serviceUnprotected', { author });
    case 'protectionAsked':
      return t(action.isOn ? 'serviceProtectionAsked' : 'serviceUnprotectionAsked', { author });
    case 'themeChanged':
      return action.emoji === '' ? t('serviceThemeGone', { author }) : t('serviceTheme', { author, emoji: action.emoji });
    case 'wallpaperChanged':
      return t('serviceWallpaper', { author });
    case 'photoSuggested':
      return t('servicePhotoSuggested', { author });
    case 'birthdaySuggested':
      return t('serviceBirthdaySuggested', { author });
    case 'near':
      return t('serviceNear', { author: authorName(action.user), names: authorName(action.other), n: action.meters });
    case 'call':
      return describeCall(action, from);
    case 'peersShared':
      return t('servicePeersShared', { author, names: action.peers.map(namedAsObject).join(', '), bot: authorName(action.bot) });
    case 'botAllowed':
      return t('serviceBotAllowed', { bot: authorName(action.bot) });
    case 'tasksTicked':
      if (action.done > 0 && action.undone > 0) return t('serviceTasksChanged', { author });
      return action.done > 0 ? t('serviceTasksDone', { author, n: action.done }) : t('serviceTasksUndone', { author, n: action.undone });
    case 'tasksAdded':
      return t('serviceTasksAdded', { author, names: action.tasks.join(', ') });
    case 'topicCreated':
      return t('serviceTopicCreated', { author, title: action.title });
    case 'topicEdited':
      if (action.title !== undefined) return t('serviceTopicRenamed', { author, title: action.title });
      if (action.isHidden !== undefined) return t(action.isHidden ? 'serviceTopicHidden' : 'serviceTopicShown', { author });
      if (action.icon !== undefined) return t('serviceTopicIcon', { author });
      return t(action.isClosed ? 'serviceTopicClosed' : 'serviceTopicReopened', { author });
    case 'pollAnswerAdded':
    case 'pollAnswerDeleted':
      return t(action.kind === 'pollAnswerAdded' ? 'servicePollAnswerAdded' : 'servicePollAnswerDeleted', { author, answer: action.answer });
    case 'other':
      return t('serviceOther');
  }
}

/** Says how a call went. One that nobody has answered is missed for whom it was, and cancelled for who called. */
function describeCall({ isVideo, end, seconds }: Extract<ServiceAction, { kind: 'call' }>, from: PeerId): string {
  if (end === 'declined') return t(isVideo ? 'serviceDeclinedVideoCall' : 'serviceDeclinedCall');
  if (end === 'missed' && from === session.value.me) return t(isVideo ? 'serviceCancelledVideoCall' : 'serviceCancelledCall');
  if (end === 'missed') return t(isVideo ? 'serviceMissedVideoCall' : 'serviceMissedCall');
  if (seconds === undefined) return t(isVideo ? 'servicePlainVideoCall' : 'servicePlainCall');
  return t(isVideo ? 'serviceVideoCall' : 'serviceCall', { time: formatSeconds(seconds) });
}
