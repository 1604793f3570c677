import type { tl } from '@mtcute/core';
import Long from 'long';
import type { MessageId, PeerId } from '../protocol/index.ts';
import type { Account } from './account.ts';
import type { HistoryLoader } from './load-history.ts';
import type { MessageRow } from './models/message.ts';

/** What the server has told lately is taken for true so long, in milliseconds. */
const FRESH_MS = 30_000;
/** Messages whose age is remembered. */
const NOTED_MAX = 5000;

/** When the server told last what others think of messages. */
export class Freshness {
  /** Milliseconds since 1970, by chat and message. */
  readonly #told = new Map<string, number>();

  note(peer: PeerId, ids: Iterable<MessageId>): void {
    if (this.#told.size >= NOTED_MAX) this.#told.clear();
    for (const id of ids) this.#told.set(`${peer}:${id}`, Date.now());
  }

  /** Whether it was told, or written, since a moment. @param since milliseconds since 1970 */
  isTold({ peer, id, date }: MessageRow, since: number): boolean {
    return date * 1000 >= since || (this.#told.get(`${peer}:${id}`) ?? 0) >= since;
  }
}

/** Asks for reactions to messages that somebody looks at, and for results of their polls, unless the server has told them lately. */
export async function freshen({ account, history }: { account: Account; history: HistoryLoader }, peer: PeerId, ids: MessageId[]): Promise<void> {
  const since = Math.max(Date.now() - FRESH_MS, account.connectedAt);
  const rows = ids.flatMap((id) => account.store.message(peer, id) ?? []).filter((row) => row.service === undefined && !history.freshness.isTold(row, since));
  if (rows.length === 0) return;
  history.freshness.note(peer, rows.map(({ id }) => id));
  const input = await account.inputPeer(peer);
  const polls = rows.flatMap(({ id, media }): tl.messages.RawGetPollResultsRequest[] =>
    media?.kind === 'poll' && !(media.poll.isClosed && !media.poll.isMin) ? [{ _: 'messages.getPollResults', peer: input, msgId: id, pollHash: Long.fromString(media.poll.hash) }] : [],
  );
  // Reactions to messages that the account keeps for itself are tags.
  const reactions: tl.messages.RawGetMessagesReactionsRequest[] = peer === account.me ? [] : [{ _: 'messages.getMessagesReactions', peer: input, id: rows.map(({ id }) => id) }];
  await Promise.all([...reactions, ...polls].map((request) => account.change(request)));
}
