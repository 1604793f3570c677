import { defineMethod } from '@aerogram/rpc';

export const getSponsoredPeers = defineMethod({
  method: 'contacts.getSponsoredPeers',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: () => Promise.resolve({ _: 'contacts.sponsoredPeersEmpty' }),
});
