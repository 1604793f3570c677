import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { given } from '../shared/index.ts';
import type { SettingsChange, SettingsRow } from './privacy-store.ts';

/** Settings of an account that has not changed any. */
export const DEFAULT_SETTINGS: Omit<SettingsRow, 'user_id'> = {
  keep_archived_unmuted: false,
  keep_archived_folders: false,
  hide_read_marks: false,
  display_gifts_button: false,
  disallowed_gifts: 0,
  contact_sign_up_silent: false,
  top_peers_disabled: false,
  reactions_notify: null,
  main_tab: null,
  recent_statuses: null,
};

/** Bits of `disallowed_gifts`, in the order of the flags of disallowedGiftsSettings. */
const GIFTS = [
  'disallow_unlimited_stargifts',
  'disallow_limited_stargifts',
  'disallow_unique_stargifts',
  'disallow_premium_gifts',
  'disallow_stargifts_from_channels',
] as const;

/**
 * Converts account.setGlobalPrivacySettings to stored columns. Settings that need a feature which this server lacks are refused rather than
 * ignored.
 * @throws RpcError 400 AUTOARCHIVE_NOT_AVAILABLE, 403 PRIVACY_PREMIUM_REQUIRED
 */
export function checkedGlobalSettings(settings: tl.globalPrivacySettings): SettingsChange {
  if (settings.archive_and_mute_new_noncontact_peers) throw rpcError('AUTOARCHIVE_NOT_AVAILABLE');
  if (settings.new_noncontact_peers_require_premium || given(settings.noncontact_peers_paid_stars) !== undefined) {
    throw rpcError('PRIVACY_PREMIUM_REQUIRED');
  }
  const gifts = settings.disallowed_gifts;
  return {
    keep_archived_unmuted: settings.keep_archived_unmuted === true,
    keep_archived_folders: settings.keep_archived_folders === true,
    hide_read_marks: settings.hide_read_marks === true,
    display_gifts_button: settings.display_gifts_button === true,
    disallowed_gifts: GIFTS.reduce((bits, name, bit) => bits | (gifts?.[name] ? 1 << bit : 0), 0),
  };
}

/** Settings as a TL object for their owner. Pure. */
export function projectGlobalSettings(row: SettingsRow): tl.globalPrivacySettings {
  return {
    _: 'globalPrivacySettings',
    keep_archived_unmuted: row.keep_archived_unmuted || undefined,
    keep_archived_folders: row.keep_archived_folders || undefined,
    hide_read_marks: row.hide_read_marks || undefined,
    display_gifts_button: row.display_gifts_button || undefined,
    disallowed_gifts: projectDisallowedGifts(row),
  };
}

/** The kinds of gift that the user does not accept; undefined if all are accepted. Pure. */
function projectDisallowedGifts(row: SettingsRow): tl.disallowedGiftsSettings | undefined {
  if (row.disallowed_gifts === 0) return undefined;
  const gifts: tl.disallowedGiftsSettings = { _: 'disallowedGiftsSettings' };
  for (const [bit, name] of GIFTS.entries()) if (row.disallowed_gifts & (1 << bit)) gifts[name] = true;
  return gifts;
}
