import { createHash } from 'node:crypto';

import { DICE, READ_DATES_KEPT_S, READERS_MEMBERS_MAX } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** The winning value of each dice emoji, and the frame of its animation at which clients celebrate. */
const DICE_SUCCESS: Readonly<Record<string, { value: number; frame_start: number }>> = {
  '🎯': { value: 6, frame_start: 62 },
  '🏀': { value: 5, frame_start: 110 },
  '⚽': { value: 5, frame_start: 110 },
  '🎳': { value: 6, frame_start: 110 },
  '🎰': { value: 64, frame_start: 110 },
};

/** Limits that this server enforces; clients have defaults for those left out. */
const LIMITS: Readonly<Record<string, number>> = {
  about_length_limit_default: 70,
  about_length_limit_premium: 70,
  caption_length_limit_default: 1024,
  caption_length_limit_premium: 1024,
  chat_read_mark_expire_period: READ_DATES_KEPT_S,
  chat_read_mark_size_threshold: READERS_MEMBERS_MAX,
  dialog_filters_chats_limit_default: 100,
  dialog_filters_chats_limit_premium: 100,
  dialog_filters_limit_default: 10,
  dialog_filters_limit_premium: 10,
  dialogs_folder_pinned_limit_default: 100,
  dialogs_folder_pinned_limit_premium: 100,
  dialogs_pinned_limit_default: 100,
  dialogs_pinned_limit_premium: 100,
  pm_read_date_expire_period: READ_DATES_KEPT_S,
  reactions_uniq_max: 11,
  reactions_user_max_default: 1,
  reactions_user_max_premium: 1,
  saved_dialogs_pinned_limit_default: 5,
  saved_dialogs_pinned_limit_premium: 5,
};

/** Features that clients show or hide. The purchase settings hide pages that offer nothing to buy. */
const SWITCHES: Readonly<Record<string, boolean>> = {
  dialog_filters_enabled: true,
  premium_purchase_blocked: true,
  stargifts_blocked: true,
  stars_purchase_blocked: true,
};

/** Lists that some clients iterate without checking that they exist. */
const LISTS = {
  autologin_domains: [],
  emojies_send_dice: [...DICE.keys()],
  fragment_prefixes: [],
  ignore_restriction_reasons: [],
  premium_promo_order: [],
  restriction_add_platforms: [],
  url_auth_domains: [],
  whitelisted_domains: [],
} as const;

const CONFIG: Json = { ...LIMITS, ...SWITCHES, ...LISTS, emojies_send_dice_success: DICE_SUCCESS };

/** Clients that send this hash keep their copy, so it is computed from the content. */
const HASH = createHash('sha256').update(JSON.stringify(CONFIG)).digest().readUInt32LE() >>> 1;

export const getAppConfig = defineMethod({
  method: 'help.getAppConfig',
  access: 'any',
  cost: 1,
  repeat: 'read',
  handler: (_ctx, { hash }) =>
    Promise.resolve(hash === HASH ? { _: 'help.appConfigNotModified' } : { _: 'help.appConfig', hash: HASH, config: projectJson(CONFIG) }),
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
