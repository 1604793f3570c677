import type { tl } from '@aerogram/tl';

import { hasFlag, MessageFlag, type PostRow } from '../events/index.ts';
import { projectMessage } from '../messages/index.ts';

/** A message of a channel as one viewer sees it. Pure. */
export function projectPost(row: PostRow, viewerId: bigint): tl.message | tl.messageService {
  const isOwn = row.poster_id === viewerId;
  const message = projectMessage({ ...row, owner_id: viewerId, flags: isOwn ? row.flags | MessageFlag.out : row.flags });
  if (hasFlag(row, MessageFlag.post)) {
    message.post = true;
    // A post without an author is the channel's own.
    if (row.from_id === row.peer_id) delete message.from_id;
  }
  if (message._ === 'message' && row.signature !== null) message.post_author = row.signature;
  return message;
}
