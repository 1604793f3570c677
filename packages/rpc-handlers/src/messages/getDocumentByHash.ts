import { defineMethod } from '@aerogram/rpc';

export const getDocumentByHash = defineMethod({
  method: 'messages.getDocumentByHash',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  async handler({ domain, userId }, { sha256, size, mime_type: mimeType }) {
    return domain.files.findByHash(userId, { sha256, size, mimeType });
  },
});
