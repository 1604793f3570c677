import { defineMethod } from '@aerogram/rpc';

/** Returns one entry per id, in the order of the ids: a client that gets no entry for an id asks for it again and again. */
export const getCustomEmojiDocuments = defineMethod({
  method: 'messages.getCustomEmojiDocuments',
  access: ['user', 'bot'],
  cost: 1,
  limits: { vectors: { document_id: 200 } },
  repeat: 'read',
  async handler(ctx, { document_id: ids }) {
    const found = await ctx.domain.stickerSets.findCustomEmoji(ids);
    return ids.map((id, at) => found[at] ?? { _: 'documentEmpty', id });
  },
});
