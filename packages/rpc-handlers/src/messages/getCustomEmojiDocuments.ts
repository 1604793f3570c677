import { defineMethod } from '@aerogram/rpc';

/** Returns one entry per id, in the order of the ids: a client that gets no entry for an id asks for it again and again. */
export const getCustomEmojiDocuments = defineMethod({
  method: 'messages.getCustomEmojiDocuments',
  access: ['user', 'bot'],
  cost: 1,
  limits: { vectors: { document_id: 200 } },
  repeat: 'read',
  handler: (ctx, { document_id }) => Promise.resolve(document_id.map((id) => ctx.domain.files.bundled.findCustomEmoji(id) ?? { _: 'documentEmpty', id })),
});
