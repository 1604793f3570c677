import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

/** Limits that later moved to the app config; the values are those that official servers sent for years. */
export function lowerConfig(o: tl.config): old.config_330b4067 {
  return {
    ...o,
    _: 'config#330b4067',
    phonecalls_enabled: true,
    saved_gifs_limit: 200,
    stickers_faved_limit: 5,
    pinned_dialogs_count_max: 5,
    pinned_infolder_count_max: 100,
  };
}

export function lowerGlobalPrivacy(o: tl.globalPrivacySettings): old.globalPrivacySettings_bea2f424 {
  return { _: 'globalPrivacySettings#bea2f424', archive_and_mute_new_noncontact_peers: o.archive_and_mute_new_noncontact_peers === true };
}

export function lowerDialogFilter(o: tl.dialogFilter): old.dialogFilter_7438f7e8 {
  return { ...o, _: 'dialogFilter#7438f7e8', title: o.title.text };
}

/** Prices moved into options; the monthly one is what the old screen shows. */
export function lowerPremiumPromo(o: tl.help.premiumPromo): old.help_premiumPromo_8a4f3c29 {
  const monthly = o.period_options.find((option) => option.months === 1);
  return { ...o, _: 'help.premiumPromo#8a4f3c29', currency: monthly?.currency ?? 'USD', monthly_amount: monthly?.amount ?? 0n };
}

export function lowerPromoData(o: tl.help.promoData): old.help_promoData_8c39793f | tl.help.promoDataEmpty {
  if (!o.peer) return { _: 'help.promoDataEmpty', expires: o.expires };
  return { ...o, _: 'help.promoData#8c39793f', peer: o.peer };
}
