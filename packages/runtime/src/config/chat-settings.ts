import { intSetting } from './setting-types.ts';

/** Settings of groups and channels. */
export const CHAT_SETTINGS = {
  groupMembersMax: intSetting({
    env: 'AEROGRAM_GROUP_MEMBERS_MAX',
    default: 200,
    min: 2,
    max: 500,
    doc: 'Members of a basic group. Each message of such a group is written once for each member; supergroups have no such cost.',
  }),
  supergroupMembersMax: intSetting({
    env: 'AEROGRAM_SUPERGROUP_MEMBERS_MAX',
    default: 200_000,
    min: 2,
    max: 10_000_000,
    doc: 'Members of a supergroup. Channels have no limit.',
  }),
  channelsPerUserMax: intSetting({
    env: 'AEROGRAM_CHANNELS_PER_USER_MAX',
    default: 500,
    min: 5,
    max: 500,
    doc: 'Supergroups and channels that one user is in. The events of all of them are pushed to each device of the user.',
  }),
  gigagroupMembersMin: intSetting({
    env: 'AEROGRAM_GIGAGROUP_MEMBERS_MIN',
    default: 199_000,
    min: 1,
    max: 10_000_000,
    doc: 'Members that a supergroup needs before its owner can make a gigagroup of it, which has no limit of members and in which only admins write.',
  }),
  channelBehindMax: intSetting({
    env: 'AEROGRAM_CHANNEL_BEHIND_MAX',
    default: 1_000,
    min: 100,
    max: 100_000,
    doc: 'A client that is further behind in a channel than this many events, and than it wants itself, gets the newest message instead of the events.',
  }),
  channelLogEvents: intSetting({
    env: 'AEROGRAM_CHANNEL_LOG_EVENTS',
    default: 100_000,
    min: 1_000,
    max: 10_000_000,
    doc: 'Latest events of a channel of which edits and deletions are kept for clients that were away.',
  }),
  channelLogDays: intSetting({
    env: 'AEROGRAM_CHANNEL_LOG_DAYS',
    default: 30,
    min: 1,
    max: 3_650,
    doc: 'Days for which edits and deletions in a channel are kept for clients that were away.',
  }),
  adminLogHours: intSetting({
    env: 'AEROGRAM_ADMIN_LOG_HOURS',
    default: 48,
    min: 1,
    max: 8_760,
    doc: 'Hours for which admins of a supergroup or channel see what happened in it, with copies of edited and deleted messages.',
  }),
  adminLogEvents: intSetting({
    env: 'AEROGRAM_ADMIN_LOG_EVENTS',
    default: 10_000,
    min: 100,
    max: 1_000_000,
    doc: 'Latest events that are kept for the admins of one supergroup or channel, in parts: what members do never takes the room of what admins do, nor one person all of a part.',
  }),
  adminLogBytes: intSetting({
    env: 'AEROGRAM_ADMIN_LOG_BYTES',
    default: 4_194_304,
    min: 65_536,
    max: 1_073_741_824,
    doc: 'Bytes that the events kept for the admins of one supergroup or channel may take.',
  }),
  publicSearchesPerDay: intSetting({
    env: 'AEROGRAM_PUBLIC_SEARCHES_PER_DAY',
    default: 100,
    min: 0,
    max: 1_000_000,
    doc: 'Searches by text in the posts of all public channels that one user may make a day. Searches for hashtags are not counted.',
  }),
  ownerReturnDays: intSetting({
    env: 'AEROGRAM_OWNER_RETURN_DAYS',
    default: 7,
    min: 0,
    max: 365,
    doc: 'Days in which the owner of a group or channel who has left it may come back; then the next admin becomes its owner. 0: the next admin does so at once.',
  }),
} as const;
