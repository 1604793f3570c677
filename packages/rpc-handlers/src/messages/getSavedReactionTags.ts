import { reactionOfKey } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { hashOf } from '../hash-of.ts';
import { numberOfTag, numberOfText } from '../hash-of-reactions.ts';

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
    const tags = rows.map(({ emoticon, title, count }) => ({ reaction: reactionOfKey(emoticon), title: (savedPeerId === undefined && title) || undefined, count }));
    const hash = hashOf(tags.flatMap(({ reaction, title, count }) => [numberOfTag(reaction), ...(title === undefined ? [] : [numberOfText(title)]), BigInt(count)]));
    if (req.hash !== 0n && req.hash === hash) return { _: 'messages.savedReactionTagsNotModified' };
    return {
      _: 'messages.savedReactionTags',
      tags: tags.map((tag) => ({ _: 'savedReactionTag', ...tag })),
      hash,
    };
  },
});
