import { defineMethod } from '@aerogram/rpc';

import { checkHashOffset } from './part-limits.ts';

export const getFileHashes = defineMethod({
  method: 'upload.getFileHashes',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  elsewhere: { location: 'works' },
  async handler({ domain, userId }, { location, offset }) {
    return domain.files.listHashes(userId, location, checkHashOffset(offset));
  },
});
