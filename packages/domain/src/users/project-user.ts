import type { tl } from '@aerogram/tl';

import type { Relation } from '../contacts/relation.ts';
import type { Privacy } from '../privacy/privacy.ts';
import type { AccessHashes } from './access-hash.ts';
import type { UserRow } from './user-row.ts';

export interface UserView {
  viewerId: bigint;
  nowDate: number;
  privacy: Privacy;
  accessHashes: AccessHashes;
}

/** A flag of TL is there or not: `false` is never written. */
function flag(value: boolean): true | undefined {
  return value ? true : undefined;
}

/**
 * The user as one viewer sees it: names from the viewer's contact list, phone and status by privacy,
 * an access hash of the viewer's own. Pure.
 */
export function projectUser(view: UserView, row: UserRow, relation: Relation): tl.user {
  const self = row.user_id === view.viewerId;
  const access_hash = view.accessHashes.of('user', view.viewerId, row.user_id);
  if (row.deleted) return { _: 'user', deleted: true, self: flag(self), id: row.user_id, access_hash };
  const { contact } = relation;
  const name = contact && !self ? contact : row;
  const phone = self ? row.phone : view.privacy.phoneVisible(relation) ? row.phone : null;
  return {
    _: 'user',
    self: flag(self),
    contact: flag(contact !== undefined || self),
    mutual_contact: flag(contact?.mutual === true || self),
    bot: flag(row.bot),
    verified: flag(row.verified),
    support: flag(row.support),
    id: row.user_id,
    access_hash,
    first_name: name.first_name,
    last_name: name.last_name === '' ? undefined : name.last_name,
    username: row.username ?? undefined,
    phone: phone ?? undefined,
    status: row.bot ? undefined : projectStatus(row, self || view.privacy.statusVisible(relation), view.nowDate),
    bot_info_version: row.bot ? 1 : undefined,
  };
}

/**
 * Online status out of the one stored moment: in the future the user is online until then, in the past that
 * is when the user was seen last; 0 is never. Hidden ones show only "recently". Pure.
 */
export function projectStatus(row: { online_date: number }, visible: boolean, nowDate: number): tl.UserStatus {
  if (row.online_date === 0) return { _: 'userStatusEmpty' };
  if (!visible) return { _: 'userStatusRecently' };
  return row.online_date > nowDate
    ? { _: 'userStatusOnline', expires: row.online_date }
    : { _: 'userStatusOffline', was_online: row.online_date };
}
