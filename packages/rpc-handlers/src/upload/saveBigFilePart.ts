import { defineMethod } from '@aerogram/rpc';

import { INCOMING_PART, PART_LIMITS } from './part-limits.ts';

export const saveBigFilePart = defineMethod({
  method: 'upload.saveBigFilePart',
  access: ['user', 'bot'],
  cost: 1,
  limits: PART_LIMITS,
  part: INCOMING_PART,
  repeat: 'idempotent',
  async handler({ domain, userId }, { file_id: fileId, file_part: part, file_total_parts: totalParts, bytes }) {
    await domain.files.doSavePart({ userId, fileId, part, totalParts }, bytes);
    return true;
  },
});
