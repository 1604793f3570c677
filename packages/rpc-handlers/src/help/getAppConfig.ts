import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** To be changed with {@link LIMITS}: clients that have this hash keep what they have. */
const HASH = 4;

/** Limits that this server enforces; what is left out, clients know defaults for. */
const LIMITS: Readonly<Record<string, number>> = {
  about_length_limit_default: 70,
  about_length_limit_premium: 70,
  caption_length_limit_default: 1024,
  caption_length_limit_premium: 1024,
  dialog_filters_chats_limit_default: 100,
  dialog_filters_chats_limit_premium: 100,
  dialog_filters_limit_default: 10,
  dialog_filters_limit_premium: 10,
  dialogs_pinned_limit_default: 5,
  dialogs_pinned_limit_premium: 5,
  reactions_uniq_max: 11,
  reactions_user_max_default: 1,
  reactions_user_max_premium: 1,
  saved_dialogs_pinned_limit_default: 5,
  saved_dialogs_pinned_limit_premium: 5,
};

export const getAppConfig = defineMethod({
  method: 'help.getAppConfig',
  access: 'any',
  cost: 1,
  repeat: 'read',
  handler: (_ctx, { hash }) => {
    if (hash === HASH) return Promise.resolve({ _: 'help.appConfigNotModified' });
    const value = Object.entries(LIMITS).map(([key, number]): tl.jsonObjectValue => ({
      _: 'jsonObjectValue',
      key,
      value: { _: 'jsonNumber', value: number },
    }));
    return Promise.resolve({ _: 'help.appConfig', hash: HASH, config: { _: 'jsonObject', value } });
  },
});
