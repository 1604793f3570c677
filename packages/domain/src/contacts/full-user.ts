import type { tl } from '@aerogram/tl';

import type { Notifications } from '../notifications/index.ts';
import { otherBoxOf, projectMainTab, type UserRow } from '../peers/index.ts';
import { type Privacy, type PrivacyKey } from '../privacy/index.ts';
import type { Users } from '../users/index.ts';
import { projectBirthday } from './birthdays.ts';
import type { PeerBars } from './peer-bars.ts';

export interface FullUserDeps {
  users: Users;
  privacy: Privacy;
  peerBars: PeerBars;
  notifications: Notifications;
  /** Whether people can call each other. */
  areCallsOn: boolean;
  /** How many groups two people are in. */
  countCommonChats(viewerId: bigint, userId: bigint): Promise<number>;
}

/** Nobody can be given anything, as there are no gifts. Apps hide their buttons for gifts if a user accepts no kind of them. */
const NO_GIFTS: tl.disallowedGiftsSettings = {
  _: 'disallowedGiftsSettings',
  disallow_unlimited_stargifts: true,
  disallow_limited_stargifts: true,
  disallow_unique_stargifts: true,
  disallow_premium_gifts: true,
  disallow_stargifts_from_channels: true,
};

/**
 * Everything about a user that this viewer may see. To those who may not call nothing is said about calls at all: some apps show a button for them even with `phone_calls_private`.
 */
export async function findFullUser(deps: FullUserDeps, viewerId: bigint, row: UserRow): Promise<tl.userFull> {
  const { users, privacy } = deps;
  const id = row.user_id;
  const viewer = { id: viewerId, bot: (await users.findRow(viewerId))?.bot === true };
  const shows = (key: PrivacyKey): Promise<boolean> => privacy.allows(id, key, viewer);
  const isCallable = deps.areCallsOn && id !== viewerId && !row.bot && !row.deleted && !row.elsewhere && otherBoxOf(viewerId, id) !== undefined;
  const [relation, own, settings, notify_settings, about, birthday, voice, link, calls, common_chats_count] = await Promise.all([
    users.findRelation(viewerId, id),
    privacy.findSettings(id),
    deps.peerBars.findSettings(viewerId, row),
    deps.notifications.findSettings(viewerId, { peer: { _: 'peerUser', user_id: id } }),
    shows('About'),
    shows('Birthday'),
    shows('VoiceMessages'),
    shows('Forwards'),
    isCallable && shows('PhoneCall'),
    id === viewerId ? 0 : deps.countCommonChats(viewerId, id),
  ]);
  const note = relation.contact?.note ?? '';
  return {
    _: 'userFull',
    id,
    blocked: relation.blocks || undefined,
    blocked_my_stories_from: relation.blocksStories || undefined,
    voice_messages_forbidden: row.elsewhere || !voice || undefined,
    read_dates_private: (own.hide_read_marks && id !== viewerId) || undefined,
    disallowed_gifts: NO_GIFTS,
    main_tab: projectMainTab(own.main_tab),
    phone_calls_available: calls || undefined,
    video_calls_available: calls || undefined,
    can_pin_message: !row.elsewhere || undefined,
    about: about && row.about !== '' ? row.about : undefined,
    birthday: birthday ? projectBirthday(row) : undefined,
    private_forward_name: link || row.deleted ? undefined : nameOf(row),
    settings,
    notify_settings,
    common_chats_count,
    note: note === '' ? undefined : { _: 'textWithEntities', text: note, entities: [] },
  };
}

/** The full name that a user has set; shown in forwards of messages whose author's link is hidden. Pure. */
export function nameOf(row: Pick<UserRow, 'first_name' | 'last_name'>): string {
  return `${row.first_name} ${row.last_name}`.trim();
}
