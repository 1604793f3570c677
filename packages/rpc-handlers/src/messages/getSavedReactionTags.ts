import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { hashOf } from '../hash-of.ts';
import { numberOfText } from '../hash-of-reactions.ts';

export const getSavedReactionTags = defineMethod({
  method: 'messages.getSavedReactionTags',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req): Promise<tl.messages.SavedReactionTags> {
    const { peers, saved } = ctx.domain;
    const savedPeerId = req.peer && (await peers.accessInputPeer(ctx.userId, req.peer)).peerId;
    const rows = await saved.listTags(ctx.userId, savedPeerId);
    const tags = rows.map(({ emoticon, title, count }): tl.savedReactionTag => ({
      _: 'savedReactionTag',
      reaction: { _: 'reactionEmoji', emoticon },
      // A name belongs to the tag everywhere: it is told with the list of all.
      title: savedPeerId === undefined ? (title ?? undefined) : undefined,
      count,
    }));
    const hash = hashOf(rows.flatMap(({ emoticon }, at) => numbersOfTag(emoticon, tags[at]!)));
    if (req.hash !== 0n && req.hash === hash) return { _: 'messages.savedReactionTagsNotModified' };
    return { _: 'messages.savedReactionTags', tags, hash };
  },
});

function numbersOfTag(emoticon: string, { title, count }: tl.savedReactionTag): bigint[] {
  return [numberOfText(emoticon), ...(title ? [numberOfText(title)] : []), BigInt(count)];
}
