import type { Database, Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { listMediaInPoll } from './list-files.ts';
import type { Polls } from './polls.ts';

/** What becomes of a poll when its message is sent, is to be sent once more, or was refused. */
export const pollWork = {
  /** Whether the period after which the poll closes begins when its message is sent. Pure. */
  waits: ({ poll }: tl.messageMediaPoll): boolean => poll.close_period !== undefined && poll.close_date === undefined,
  start: async (media: tl.messageMediaPoll, { polls }: { polls: Pick<Polls, 'doStart'> }) => ({ media: await polls.doStart(media) }),
  renew: (tx: Tx, media: tl.messageMediaPoll, { polls, ...renewal }: { senderId: bigint; laterS: number; polls: Pick<Polls, 'copyIn'> }) => polls.copyIn(tx, media, renewal),
  drop: ({ poll }: tl.messageMediaPoll, { polls }: { polls: Pick<Polls, 'doDropUnsent'> }) => polls.doDropUnsent(poll.id),
  listBesides: (db: Pick<Database, 'run'>, media: tl.messageMediaPoll) => listMediaInPoll(db, media),
};
