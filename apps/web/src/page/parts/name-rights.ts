import type { AdminRight } from '../../protocol/index.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { t } from '../ground/text.ts';

const NAMES: Readonly<Record<AdminRight, TextKey>> = {
  changeInfo: 'rightChangeInfo',
  postMessages: 'rightPostMessages',
  editMessages: 'rightEditMessages',
  deleteMessages: 'rightDeleteMessages',
  banUsers: 'rightBanUsers',
  inviteUsers: 'rightInviteUsers',
  pinMessages: 'rightPinMessages',
  addAdmins: 'rightAddAdmins',
  manageCall: 'rightManageCall',
  anonymous: 'rightAnonymous',
  manageTopics: 'rightManageTopics',
  postStories: 'rightStories',
  editStories: 'rightStories',
  deleteStories: 'rightStories',
  other: 'rightOther',
};

/** What an admin may do, in words; each once. */
export const nameRights = (rights: readonly AdminRight[]): string[] => [...new Set(rights.map((right) => t(NAMES[right])))];
