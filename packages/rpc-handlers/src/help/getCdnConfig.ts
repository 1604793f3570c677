import { defineMethod } from '@aerogram/rpc';

/** There is no CDN; clients without its keys are never sent to one. */
export const getCdnConfig = defineMethod({
  method: 'help.getCdnConfig',
  access: 'any',
  cost: 1,
  repeat: 'read',
  handler: () => Promise.resolve({ _: 'cdnConfig', public_keys: [] }),
});
