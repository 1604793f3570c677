import { createHash } from 'node:crypto';

import { ALLOWED_REACTIONS_MAX, DICE, type Domain, FAVED_STICKERS_MAX, FILTER_CHATS_MAX, FILTERS_MAX, FOLDER_LINKS_MAX, PINNED_TOPICS_MAX, POLL_ANSWERS_MAX, POLL_CLOSE_PERIOD_MAX, PUBLIC_CHANNELS_MAX, READ_DATES_KEPT_S, READERS_MEMBERS_MAX, REACTIONS_OF_USER_MAX, RECOMMENDED_MAX, RINGTONE_BYTES_MAX, RINGTONE_SECONDS_MAX, RINGTONES_MAX, SAVED_GIFS_MAX, TODO_ITEM_LENGTH_MAX, TODO_ITEMS_MAX, TODO_TITLE_LENGTH_MAX, UNIQUE_REACTIONS_MAX } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { BOOST_LEVEL } from '../boost-level.ts';

/** The winning value of each dice emoji, and the frame of its animation at which clients celebrate. */
const DICE_SUCCESS: Readonly<Record<string, { value: number; frame_start: number }>> = {
  '🎯': { value: 6, frame_start: 62 },
  '🏀': { value: 5, frame_start: 110 },
  '⚽': { value: 5, frame_start: 110 },
  '🎳': { value: 6, frame_start: 110 },
  '🎰': { value: 64, frame_start: 110 },
};

/**
 * Limits that this server enforces; clients have defaults for those left out. Each is the same with Premium, which all users seem to have: a client would otherwise
 * assume a higher one.
 */
const LIMITS: Readonly<Record<string, number>> = {
  about_length_limit_default: 70,
  about_length_limit_premium: 70,
  boosts_channel_level_max: BOOST_LEVEL,
  caption_length_limit_default: 1024,
  caption_length_limit_premium: 1024,
  channels_public_limit_default: PUBLIC_CHANNELS_MAX,
  channels_public_limit_premium: PUBLIC_CHANNELS_MAX,
  chat_read_mark_expire_period: READ_DATES_KEPT_S,
  chat_read_mark_size_threshold: READERS_MEMBERS_MAX,
  chatlist_invites_limit_default: FOLDER_LINKS_MAX,
  chatlist_invites_limit_premium: FOLDER_LINKS_MAX,
  // Seconds between two calls of chatlists.getChatlistUpdates.
  chatlist_update_period: 600,
  chatlists_joined_limit_default: FILTERS_MAX,
  chatlists_joined_limit_premium: FILTERS_MAX,
  dialog_filters_chats_limit_default: FILTER_CHATS_MAX,
  dialog_filters_chats_limit_premium: FILTER_CHATS_MAX,
  dialog_filters_limit_default: FILTERS_MAX,
  dialog_filters_limit_premium: FILTERS_MAX,
  dialogs_folder_pinned_limit_default: 100,
  dialogs_folder_pinned_limit_premium: 100,
  dialogs_pinned_limit_default: 100,
  dialogs_pinned_limit_premium: 100,
  // Every group may have topics, however small it is.
  forum_upgrade_participants_min: 1,
  pm_read_date_expire_period: READ_DATES_KEPT_S,
  poll_answers_max: POLL_ANSWERS_MAX,
  poll_close_period_max: POLL_CLOSE_PERIOD_MAX,
  reactions_in_chat_max: ALLOWED_REACTIONS_MAX,
  reactions_uniq_max: UNIQUE_REACTIONS_MAX,
  reactions_user_max_default: REACTIONS_OF_USER_MAX,
  reactions_user_max_premium: REACTIONS_OF_USER_MAX,
  recommended_channels_limit_default: RECOMMENDED_MAX,
  recommended_channels_limit_premium: RECOMMENDED_MAX,
  ringtone_duration_max: RINGTONE_SECONDS_MAX,
  ringtone_saved_count_max: RINGTONES_MAX,
  ringtone_size_max: RINGTONE_BYTES_MAX,
  saved_dialogs_pinned_limit_default: 5,
  saved_dialogs_pinned_limit_premium: 5,
  saved_gifs_limit_default: SAVED_GIFS_MAX,
  saved_gifs_limit_premium: SAVED_GIFS_MAX,
  stickers_faved_limit_default: FAVED_STICKERS_MAX,
  stickers_faved_limit_premium: FAVED_STICKERS_MAX,
  todo_item_length_max: TODO_ITEM_LENGTH_MAX,
  todo_items_max: TODO_ITEMS_MAX,
  todo_title_length_max: TODO_TITLE_LENGTH_MAX,
  topics_pinned_limit: PINNED_TOPICS_MAX,
};

/** The levels of boosts that features of channels and groups need. There are no boosts, so none needs any. */
const LEVELS = Object.fromEntries(
  [
    'channel_bg_icon', 'channel_color', 'channel_custom_wallpaper', 'channel_emoji_status', 'channel_profile_bg_icon',
    'channel_profile_color', 'channel_restrict_sponsored', 'channel_wallpaper', 'group_custom_wallpaper', 'group_emoji_status', 'group_emoji_stickers',
    'group_profile_bg_icon', 'group_profile_color', 'group_transcribe', 'group_wallpaper',
  ].map((feature) => [`${feature}_level_min`, 0]),
);

/** Levels by which apps hide a feature that is not built, with the method that it waits for. Whoever builds the method moves the level to {@link LEVELS}. */
export const LEVELS_OUT_OF_REACH = { channel_autotranslation_level_min: 'channels.toggleAutotranslation' } as const;

/** Features that clients show or hide. All but the first lead nowhere here: buying, gifts, charging for messages, programmes for affiliates. */
const SWITCHES: Readonly<Record<string, boolean>> = {
  dialog_filters_enabled: true,
  giveaway_gifts_purchase_available: false,
  premium_gift_attach_menu_icon: false,
  premium_gift_text_field_icon: false,
  premium_purchase_blocked: true,
  stargifts_blocked: true,
  starref_connect_allowed: false,
  starref_program_allowed: false,
  stars_gifts_enabled: false,
  stars_paid_messages_available: false,
  stars_purchase_blocked: true,
};

/** What translates messages, which is offered to subscribers of Premium, and who may post stories. */
const DISABLED = { stories_posting: 'disabled', translations_auto_enabled: 'disabled', translations_manual_enabled: 'disabled' } as const;

/** Lists that some clients iterate without checking that they exist. */
const LISTS = {
  autologin_domains: [],
  emojies_send_dice: [...DICE.keys()],
  fragment_prefixes: [],
  ignore_restriction_reasons: [],
  restriction_add_platforms: [],
  url_auth_domains: [],
  whitelisted_domains: [],
} as const;

/**
 * What the page about Premium shows. One desktop app ends with a failed assertion if it knows fewer than three names of such a list, so this one has three that every
 * app has known since there is Premium. The list about Premium for businesses, `business_promo_order`, is left out for the same reason: then apps use their own.
 */
const PROMOTED = { premium_promo_order: ['double_limits', 'more_upload', 'no_ads'] } as const;

/** How apps show and suggest stickers and emoji, and how long they keep the lists of stickers for an emoji, in seconds. */
const STICKERS = {
  emojies_animated_zoom: 0.625,
  emojies_sounds: {},
  gif_search_emojies: [],
  message_animated_emoji_max: 100,
  stickers_emoji_cache_time: 86_400,
  stickers_emoji_suggest_only_api: false,
  stickers_normal_by_emoji_per_premium_num: 2,
  stickers_premium_by_emoji_num: 0,
} as const;

const CONFIG = { ...LIMITS, ...STICKERS, ...LEVELS, ...Object.fromEntries(Object.keys(LEVELS_OUT_OF_REACH).map((level) => [level, BOOST_LEVEL + 1])), ...SWITCHES, ...DISABLED, ...LISTS, ...PROMOTED, emojies_send_dice_success: DICE_SUCCESS };

/** The name of the key with which our own web client subscribes to notices; other clients ignore it. */
const PUSH_KEY = 'aerogram_push_key';
/** 0 where people cannot call each other. Our own web client then has no page of calls. */
const CALLS_KEY = 'aerogram_calls';
/** After how many days this server deletes messages of private chats. Absent where it keeps them. Our own web client says so. */
const KEPT_KEY = 'aerogram_private_messages_kept_days';

/** The config with the operator's settings, and its hash. Clients that send this hash keep their copy, so it is computed from the content. */
interface HashedConfig {
  config: tl.JSONValue;
  hash: number;
}

const known = new WeakMap<Domain['config'], HashedConfig & { keptDays: number }>();

/** @param keptDays for how many days messages of private chats are kept; 0: for ever */
function configFor({ config: settings, notices }: Pick<Domain, 'config' | 'notices'>, keptDays: number): HashedConfig {
  let found = known.get(settings);
  if (found?.keptDays !== keptDays) {
    const { uploadPartsMax: parts, channelsPerUserMax: channels, supergroupMembersMax } = settings;
    const json: Json = {
      ...CONFIG,
      channels_limit_default: channels, channels_limit_premium: channels,
      // Nothing looks for spam in groups: apps then say that a group needs more members for it than any can have.
      telegram_antispam_group_size_min: supergroupMembersMax + 1,
      ...(notices.publicKey === undefined ? {} : { [PUSH_KEY]: notices.publicKey }),
      ...(keptDays === 0 ? {} : { [KEPT_KEY]: keptDays }),
      ...(settings.calls === 'off' ? { [CALLS_KEY]: 0 } : {}),
      upload_max_fileparts_default: parts, upload_max_fileparts_premium: parts,
    };
    found = { keptDays, config: projectJson(json), hash: createHash('sha256').update(JSON.stringify(json)).digest().readUInt32LE() >>> 1 };
    known.set(settings, found);
  }
  return found;
}

export const getAppConfig = defineMethod({
  method: 'help.getAppConfig',
  access: ['guest', 'user'],
  cost: 1,
  repeat: 'read',
  async handler({ domain }, { hash }) {
    const { config, hash: ownHash } = configFor(domain, await domain.ttl.findPrivateDays());
    return hash === ownHash ? { _: 'help.appConfigNotModified' } : { _: 'help.appConfig', config, hash: ownHash };
  },
});

type Json = boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

function projectJson(json: Json): tl.JSONValue {
  if (typeof json === 'boolean') return { _: 'jsonBool', value: json };
  if (typeof json === 'number') return { _: 'jsonNumber', value: json };
  if (typeof json === 'string') return { _: 'jsonString', value: json };
  if (isList(json)) return { _: 'jsonArray', value: json.map(projectJson) };
  return { _: 'jsonObject', value: Object.entries(json).map(([key, value]) => ({ _: 'jsonObjectValue', key, value: projectJson(value) })) };
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}
