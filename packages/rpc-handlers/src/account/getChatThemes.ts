import { CHAT_THEMES } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { hashOf } from '../hash-of.ts';

/** Increase this when a theme looks otherwise, so that clients fetch the list again. */
const VERSION = 1n;

const HASH = hashOf([VERSION, ...CHAT_THEMES.map(({ id }) => id)]);

export const getChatThemes = defineMethod({
  method: 'account.getChatThemes',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (_ctx, { hash }) => Promise.resolve(hash === HASH ? { _: 'account.themesNotModified' } : { _: 'account.themes', hash: HASH, themes: [...CHAT_THEMES] }),
});
