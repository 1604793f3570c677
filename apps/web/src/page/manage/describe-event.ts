import type { LogEvent, LogWhat, Peer } from '../../protocol/index.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { peerSignal } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { nameOf } from '../parts/names.tsx';
import { personName } from '../parts/person-row.tsx';
import { nameAdminRights } from './admin-rights.tsx';
import { nameForbidden } from './member-rights.tsx';
import { longTime } from './slow-mode.tsx';

/** What each event says. `Off` is for a switch that was turned off, or for nothing in the place of a text. */
const TEXTS: Readonly<Record<LogWhat, TextKey | readonly [on: TextKey, off: TextKey]>> = {
  title: 'logTitle',
  about: 'logAbout',
  username: ['logUsername', 'logUsernameOff'],
  rank: ['logRank', 'logRankOff'],
  photo: 'logPhoto',
  photoRemoved: 'logPhotoOff',
  signatures: ['logSign', 'logSignOff'],
  history: ['logHistory', 'logHistoryOff'],
  protect: ['logProtect', 'logProtectOff'],
  forum: ['logForum', 'logForumOff'],
  linked: 'logLinked',
  unlinked: 'logLinkedOff',
  rights: 'logRights',
  slowMode: ['logSlow', 'logSlowOff'],
  lifetime: ['logLifetime', 'logLifetimeOff'],
  reactions: 'logReactions',
  join: 'logJoin',
  leave: 'logLeave',
  joinByLink: 'logJoinByLink',
  joinByRequest: 'logJoinByRequest',
  invite: 'logInvite',
  remove: 'logRemove',
  letBack: 'logLetBack',
  restrict: 'logRestrict',
  promote: 'logPromote',
  adminRights: 'logAdminRights',
  dismiss: 'logDismiss',
  pin: 'logPin',
  unpin: 'logUnpin',
  edit: 'logEdit',
  delete: 'logDelete',
  stopPoll: 'logStopPoll',
  linkEdit: 'logLinkEdit',
  linkRevoke: 'logLinkRevoke',
  linkDelete: 'logLinkDelete',
  topicCreate: 'logTopicCreate',
  topicEdit: 'logTopicEdit',
  topicDelete: 'logTopicDelete',
  topicPin: 'logTopicPin',
  topicUnpin: 'logTopicUnpin',
  other: 'logOther',
};

/** Says in one line what was done; who did it stands before it. */
export function describeEvent({ what, user, after, isOn, seconds }: LogEvent): string {
  const texts = TEXTS[what];
  const isOff = isOn === false || seconds === 0 || (isOn === undefined && seconds === undefined && (after ?? '') === '');
  const key = typeof texts === 'string' ? texts : texts[isOff ? 1 : 0];
  const name = user === undefined ? '' : user > 0 ? personName(user) : nameOf(peerSignal(user).value);
  return t(key, { name, text: after ?? '', time: seconds === undefined ? '' : longTime(seconds) });
}

/** Says what was allowed and forbidden, a line each. */
export function describeRights(peer: Peer, { forbidden = [], allowed = [], gained = [], lost = [] }: LogEvent): string[] {
  const lists: [TextKey, string[]][] = [
    ['logMayNot', nameForbidden(peer, forbidden)],
    ['logMay', nameForbidden(peer, allowed)],
    ['logGained', nameAdminRights(peer, gained)],
    ['logLost', nameAdminRights(peer, lost)],
  ];
  return lists.filter(([, rights]) => rights.length > 0).map(([key, rights]) => t(key, { rights: rights.join(', ') }));
}
