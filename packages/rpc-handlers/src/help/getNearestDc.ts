import { defineMethod } from '@aerogram/rpc';

/** Returns the region set on the device: IP addresses are not geolocated. */
function countryOf(systemLangCode: string | undefined): string {
  return /[-_]([a-z]{2})$/i.exec(systemLangCode ?? '')?.[1]?.toUpperCase() ?? 'US';
}

export const getNearestDc = defineMethod({
  method: 'help.getNearestDc',
  access: 'any',
  cost: 1,
  repeat: 'read',
  handler: ({ caller }) =>
    Promise.resolve({
      _: 'nearestDc',
      country: countryOf(caller.initConnection?.systemLangCode),
      this_dc: caller.dcId,
      nearest_dc: caller.dcId,
    }),
});
