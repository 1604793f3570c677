import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

export const getFileHashes = defineMethod({
  method: 'upload.getFileHashes',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  async handler({ domain, userId }, { location, offset }) {
    if (offset < 0n || offset > BigInt(Number.MAX_SAFE_INTEGER)) throw rpcError('OFFSET_INVALID');
    return domain.files.listHashes(userId, location, Number(offset));
  },
});
