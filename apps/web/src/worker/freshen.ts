import type { tl } from '@mtcute/core';
import Long from 'long';
import type { MessageId, PeerId } from '../protocol/index.ts';
import type { Account } from './account.ts';
import type { HistoryLoader } from './load-history.ts';

/** What the server has told lately is taken for true so long, in milliseconds. */
const FRESH_MS = 30_000;

/** Asks for reactions to messages that somebody looks at, and for results of their polls, unless the server has told them lately. */
export async function freshen({ account, history }: { account: Account; history: HistoryLoader }, peer: PeerId, ids: MessageId[]): Promise<void> {
  const since = Math.max(Date.now() - FRESH_MS, account.connectedAt);
  const rows = ids.flatMap((id) => account.store.message(peer, id) ?? []).filter((row) => row.service === undefined && !history.freshness.isTold(row, since));
  if (rows.length === 0) return;
  const input = await account.inputPeer(peer);
  const polls = rows.flatMap(({ id, media }): tl.messages.RawGetPollResultsRequest[] =>
    media?.kind === 'poll' && !(media.poll.isClosed && !media.poll.isMin) ? [{ _: 'messages.getPollResults', peer: input, msgId: id, pollHash: Long.fromString(media.poll.hash) }] : [],
  );
  // Reactions to messages that the account keeps for itself are tags.
  const reactions: tl.messages.RawGetMessagesReactionsRequest[] = peer === account.me ? [] : [{ _: 'messages.getMessagesReactions', peer: input, id: rows.map(({ id }) => id) }];
  await Promise.all([...reactions, ...polls].map((request) => account.change(request)));
  history.freshness.note(peer, rows.map(({ id }) => id));
}
