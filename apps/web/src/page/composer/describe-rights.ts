import type { AdminRight } from '../../protocol/index.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { t } from '../parts/text.ts';

const NAMES: Readonly<Record<AdminRight, TextKey>> = {
  changeInfo: 'rightChangeInfo',
  postMessages: 'rightPost',
  editMessages: 'rightEdit',
  deleteMessages: 'rightDelete',
  banUsers: 'rightBan',
  inviteUsers: 'rightInvite',
  pinMessages: 'rightPin',
  addAdmins: 'rightAddAdmins',
  anonymous: 'rightAnonymous',
  manageCall: 'rightCalls',
  manageTopics: 'rightTopics',
  postStories: 'rightStories',
  editStories: 'rightStories',
  deleteStories: 'rightStories',
};

/** Says what an admin may do. */
export function describeRights(rights: readonly AdminRight[]): string {
  return [...new Set(rights.map((right) => t(NAMES[right] ?? 'rightOther')))].join(', ');
}
