import { defineMethod } from '@aerogram/rpc';

/** There is no CDN, and clients are never redirected to one. */
export const getCdnConfig = defineMethod({
  method: 'help.getCdnConfig',
  access: 'any',
  cost: 1,
  repeat: 'read',
  handler: () => Promise.resolve({ _: 'cdnConfig', public_keys: [] }),
});
