import { defineMethod } from '@aerogram/rpc';

/** The RSA keys by which clients recognise CDN nodes. */
export const getCdnConfig = defineMethod({
  method: 'help.getCdnConfig',
  access: 'any',
  cost: 1,
  repeat: 'read',
  handler: ({ domain }) =>
    Promise.resolve({
      _: 'cdnConfig',
      public_keys: domain.cdnNodes.list().map(({ dc, publicKey }) => ({ _: 'cdnPublicKey', dc_id: dc, public_key: publicKey.pem })),
    }),
});
