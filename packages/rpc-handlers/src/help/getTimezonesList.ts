import { defineMethod } from '@aerogram/rpc';

import { hashOf } from '../hash-of.ts';
import { projectTimezones } from './project-timezones.ts';

/** The offsets change with daylight saving time, so the hash is computed from the current list. */
export const getTimezonesList = defineMethod({
  method: 'help.getTimezonesList',
  access: 'user',
  cost: 2,
  repeat: 'read',
  handler: ({ clock }, { hash }) => {
    const timezones = projectTimezones(clock.nowMs());
    const own = Number(BigInt.asIntN(31, hashOf(timezones.map((zone) => BigInt(zone.utc_offset)))));
    return Promise.resolve(hash === own ? { _: 'help.timezonesListNotModified' } : { _: 'help.timezonesList', timezones, hash: own });
  },
});
