import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { hashOf } from '../hash-of.ts';

export const getSavedReactionTags = defineMethod({
  method: 'messages.getSavedReactionTags',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req): Promise<tl.messages.SavedReactionTags> {
    const { peers, saved } = ctx.domain;
    const savedPeerId = req.peer && (await peers.accessInputPeer(ctx.userId, req.peer)).peerId;
    const tags = await saved.listTags(ctx.userId, savedPeerId);
    const hash = hashOf(tags.flatMap(({ emoticon, title, count }) => [...signsOf(emoticon), ...signsOf(title ?? ''), BigInt(count)]));
    if (req.hash !== 0n && req.hash === hash) return { _: 'messages.savedReactionTagsNotModified' };
    return {
      _: 'messages.savedReactionTags',
      tags: tags.map(({ emoticon, title, count }) => ({
        _: 'savedReactionTag',
        reaction: { _: 'reactionEmoji', emoticon },
        // A name belongs to the tag everywhere: it is told with the list of all.
        title: savedPeerId === undefined ? (title ?? undefined) : undefined,
        count,
      })),
      hash,
    };
  },
});

function signsOf(text: string): bigint[] {
  return Array.from(text, (sign) => BigInt(sign.codePointAt(0) ?? 0));
}
