import type { tl } from '@aerogram/tl';

import type { BotRow } from '../bot-rows/index.ts';
import { type PhotoColumns, projectColor, projectEmojiStatus, projectMarks, projectPeerPhoto, type UserRow } from '../peers/index.ts';
import { isSeenByAll, isVisible, type KnownViewer, type OwnerPrivacy } from '../privacy/index.ts';
import { type Relation, reverseRelation } from '../relations/index.ts';
import type { DomainConfig } from '../shared/index.ts';

export interface UserView {
  viewer: KnownViewer;
  /** The viewer's own privacy settings: only those who show their last seen time may see that of others. */
  viewerPrivacy: OwnerPrivacy;
  /** The setting of whom users see as subscribers of Premium. */
  premium: DomainConfig['premium'];
  nowDate: number;
}

/** How precisely a viewer sees a user's online status. */
export type StatusView = 'exact' | 'vague' | 'vague_by_me' | 'none';

/** What decides how a viewer sees a user. */
export interface UserFacts {
  relation: Relation;
  /** The privacy settings of the user. */
  owner: OwnerPrivacy;
  /** Those groups that the user is in, as far as the viewer's own rules name them. */
  groups: ReadonlySet<bigint>;
  /** What is known of the user as a bot; undefined for people, and for the bots that come with the server. */
  bot?: BotRow | undefined;
  /** The language of the user's device, for a viewer that is a bot; '' or undefined if it is not known. */
  language?: string | undefined;
}

/** Returns true or undefined, never false: TL encodes a flag by its presence. */
function flag(value: boolean): true | undefined {
  return value ? true : undefined;
}

/**
 * The user as one viewer sees it: with the name from the viewer's contact list, phone number and status subject to privacy, and the
 * viewer's own access hash. Pure.
 * @param access_hash the hash with which this viewer can refer to the user
 */
export function projectUser(view: UserView, row: UserRow, { relation, owner, groups, bot, language }: UserFacts, access_hash: bigint): tl.user {
  const viewerId = view.viewer.id;
  const self = row.user_id === viewerId;
  if (row.deleted) return { _: 'user', deleted: true, self: flag(self), id: row.user_id, access_hash };
  const { contact } = relation;
  const name = contact && !self ? contact : row;
  // Some apps draw it only for subscribers of Premium.
  const status = relation.blockedBy ? undefined : projectEmojiStatus(row, view.nowDate);
  return {
    _: 'user',
    self: flag(self),
    contact: flag(contact !== undefined || self),
    mutual_contact: flag(contact?.mutual === true || self),
    close_friend: flag(contact?.close_friend === true),
    bot: flag(row.bot),
    ...projectMarks(row),
    support: flag(row.support || row.gives_support),
    premium: flag(isPremium(view, row, relation, owner) || (status !== undefined && view.premium !== 'nobody')),
    id: row.user_id,
    access_hash,
    first_name: name.first_name,
    last_name: name.last_name === '' ? undefined : name.last_name,
    username: row.username ?? undefined,
    photo: projectPersonalPhoto(contact) ?? projectPhoto(self || isVisible(owner, 'ProfilePhoto', view.viewer, relation) ? row : fallbackOf(row, relation)),
    phone: findPhone(view.viewer, row, relation, owner),
    status: findStatus(view, row, { relation, owner, groups }),
    ...(row.bot ? projectBotFlags(row, bot, viewerId) : {}),
    color: projectColor(row.color, row.color_emoji_id),
    profile_color: projectColor(row.profile_color, row.profile_color_emoji_id),
    emoji_status: status,
    lang_code: view.viewer.bot && language ? language : undefined,
  };
}

/**
 * Whether the viewer sees the user as a subscriber of Premium. Nobody is one, but official apps hide from all others much that is free here. They also ignore
 * that a user forbids voice messages if it is no subscriber, as people in other data centres seem to. A blocked viewer is not shown that, so as not to be told of the block. Pure.
 */
function isPremium({ viewer, premium }: UserView, row: UserRow, relation: Relation, owner: OwnerPrivacy): boolean {
  if (premium === 'nobody' || row.bot || row.support) return false;
  if (premium === 'everyone' || row.user_id === viewer.id) return true;
  return !viewer.bot && !relation.blockedBy && (row.elsewhere === true || !isVisible(owner, 'VoiceMessages', viewer, relation));
}

/** What clients know of a bot beside its profile. Pure. */
function projectBotFlags({ elsewhere }: UserRow, bot: BotRow | undefined, viewerId: bigint): Partial<tl.user> {
  // Groups have no members in other data centres.
  if (bot === undefined) return { bot_info_version: 1, bot_nochats: elsewhere };
  return {
    bot_info_version: bot.info_version,
    bot_chat_history: flag(bot.reads_all),
    bot_nochats: flag(!bot.joins_groups),
    bot_inline_placeholder: bot.inline_placeholder ?? undefined,
    bot_inline_geo: flag(bot.inline_geo),
    bot_can_edit: flag(bot.owner_id === viewerId),
  };
}

/** What a viewer sees beside the name who may not see the photos of the profile. Pure. */
function fallbackOf(row: UserRow, { blockedBy }: Relation): PhotoColumns {
  if (blockedBy) return { photo_id: null, photo_stripped: null, photo_has_video: false };
  return { photo_id: row.fallback_photo_id, photo_stripped: row.fallback_photo_stripped, photo_has_video: row.fallback_photo_has_video };
}

/** The photo that the viewer has set for a contact; undefined if there is none. Pure. */
function projectPersonalPhoto(contact: PhotoColumns | undefined): tl.userProfilePhoto | undefined {
  const photo = contact && projectPeerPhoto(contact);
  return photo && { _: 'userProfilePhoto', personal: true, ...photo };
}

/** The photo beside the name; undefined if there is none. Pure. */
function projectPhoto(columns: PhotoColumns): tl.userProfilePhoto | undefined {
  const photo = projectPeerPhoto(columns);
  return photo && { _: 'userProfilePhoto', ...photo };
}

/** The number that the viewer sees; undefined: none. Pure. */
function findPhone(viewer: KnownViewer, row: UserRow, relation: Relation, owner: OwnerPrivacy): string | undefined {
  // The home of this person tells the number only where somebody may see it. The viewer typed it into a contact, so the viewer's own entry is shown.
  if (row.elsewhere && row.phone === null) return relation.contact?.phone || undefined;
  return row.user_id === viewer.id || isPhoneVisible(viewer, row, relation, owner) ? (row.phone ?? undefined) : undefined;
}

/**
 * A viewer who has exactly this number in the address book knows it already. A contact with the user's old number does not reveal a new
 * one.
 */
function isPhoneVisible(viewer: KnownViewer, row: UserRow, relation: Relation, owner: OwnerPrivacy): boolean {
  if (relation.contact !== undefined && relation.contact.phone !== '' && relation.contact.phone === row.phone) return true;
  return isVisible(owner, 'PhoneNumber', viewer, relation);
}

/** The status that this viewer sees; undefined for bots and deleted accounts. Pure. */
export function findStatus(view: UserView, row: UserRow, facts: UserFacts): tl.UserStatus | undefined {
  if (row.bot || row.deleted) return undefined;
  return projectStatus(row, row.user_id === view.viewer.id ? 'exact' : statusView(view, row, facts), view.nowDate);
}

/** How precisely this viewer sees the user's status, by the privacy settings of both. Pure. */
export function statusView(
  view: Pick<UserView, 'viewer' | 'viewerPrivacy'>,
  row: UserRow,
  { relation, owner, groups }: UserFacts,
): StatusView {
  if (relation.blockedBy) return 'none';
  // Other data centres do not tell when their people are online.
  if (row.elsewhere) return 'vague';
  if (!isVisible(owner, 'StatusTimestamp', view.viewer, relation)) return 'vague';
  // Reciprocity: a viewer who hides the last seen time from a user cannot see that user's.
  if (isSeenByAll(view.viewerPrivacy, 'StatusTimestamp')) return 'exact';
  // Blocking a user does not count as hiding the last seen time from that user.
  const back = { ...reverseRelation(relation), blockedBy: false };
  return isVisible(view.viewerPrivacy, 'StatusTimestamp', { id: row.user_id, bot: row.bot, groups }, back) ? 'exact' : 'vague_by_me';
}

const DAY_S = 24 * 3600;

/**
 * Derives the online status from `online_date`. A date in the future means that the user is online until then, a past date is when the user
 * was last seen, and 0 means never. People elsewhere were always seen "recently". Viewers who may not see it get "recently" (3 days), "within a week", "within a month", or "long ago".
 * Pure.
 */
export function projectStatus(row: Pick<UserRow, 'online_date' | 'elsewhere'>, view: StatusView, nowDate: number): tl.UserStatus {
  if (row.elsewhere && view !== 'none') return { _: 'userStatusRecently' };
  if (row.online_date === 0 || view === 'none') return { _: 'userStatusEmpty' };
  if (view === 'exact') {
    return row.online_date > nowDate
      ? { _: 'userStatusOnline', expires: row.online_date }
      : { _: 'userStatusOffline', was_online: row.online_date };
  }
  const by_me = flag(view === 'vague_by_me');
  const away = nowDate - row.online_date;
  if (away < 3 * DAY_S) return { _: 'userStatusRecently', by_me };
  if (away < 7 * DAY_S) return { _: 'userStatusLastWeek', by_me };
  if (away < 30 * DAY_S) return { _: 'userStatusLastMonth', by_me };
  return { _: 'userStatusEmpty' };
}
