import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { hashOf } from '../hash-of.ts';
import { numberOfText } from '../hash-of-reactions.ts';

import { accessSavedPeer } from './access-saved-peer.ts';

export const getSavedReactionTags = defineMethod({
  method: 'messages.getSavedReactionTags',
  access: 'user',
  cost: 1,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  async handler(ctx, req): Promise<tl.messages.SavedReactionTags> {
    const { saved } = ctx.domain;
    const savedPeerId = req.peer && (await accessSavedPeer(ctx, req.peer));
    const rows = await saved.listTags(ctx.userId, savedPeerId);
    // The name of a tag applies to all dialogs, so it is only sent with the list for all of them.
    const tags = savedPeerId === undefined ? rows : rows.map((row) => ({ ...row, title: null }));
    const hash = hashOf(tags.flatMap(({ emoticon, title, count }) => [numberOfText(emoticon), ...(title ? [numberOfText(title)] : []), BigInt(count)]));
    if (req.hash !== 0n && req.hash === hash) return { _: 'messages.savedReactionTagsNotModified' };
    return {
      _: 'messages.savedReactionTags',
      tags: tags.map(({ emoticon, title, count }) => ({ _: 'savedReactionTag', reaction: { _: 'reactionEmoji', emoticon }, title: title ?? undefined, count })),
      hash,
    };
  },
});
