import type { tl } from '@mtcute/core';
import type { MessageId, PeerId, Poll } from '../../protocol/index.ts';
import { peerIdOf } from '../models/ids.ts';
import type { MessageRow } from '../models/message.ts';
import { tellsOtherVote, updatedPoll } from '../models/poll.ts';
import type { Reducers } from './context.ts';
import { recountTopics } from './topics.ts';

/** A message after an update of its poll. @param isNamed whether the update names this message, so that its references to files are those of the message */
function withUpdate(row: MessageRow, known: Poll, { update, isNamed }: { update: tl.RawUpdateMessagePoll; isNamed: boolean }): MessageRow {
  const { poll, locations } = updatedPoll(known, update);
  return { ...row, media: { kind: 'poll', poll }, locations: isNamed ? { ...row.locations, ...locations } : { ...locations, ...row.locations } };
}

export const pollReducers: Reducers = {
  // Other messages with the poll are asked for when they are shown.
  updateMessagePoll: (context, update) => {
    const { store, refreshChats } = context;
    const { peer, msgId, pollId } = update;
    const id = pollId.toString();
    const known = store.messagesWithPoll(id);
    if (known.some(({ media }) => media?.kind === 'poll' && tellsOtherVote(media.poll, update.results))) store.toldVotes.note(id);
    const places = new Map<string, { peer: PeerId; id: MessageId }>(known.map((row) => [`${row.peer}:${row.id}`, row]));
    if (peer && msgId !== undefined) places.set(`${peerIdOf(peer)}:${msgId}`, { peer: peerIdOf(peer), id: msgId });
    for (const place of places.values()) {
      const isNamed = peer !== undefined && place.peer === peerIdOf(peer) && place.id === msgId;
      store.changeMessage(place.peer, place.id, (row) => (row.media?.kind === 'poll' && row.media.poll.id === id ? withUpdate(row, row.media.poll, { update, isNamed }) : row));
    }
    const at = peer && peerIdOf(peer);
    if (at === undefined || msgId === undefined || update.results.min) return;
    // Only the server knows how many polls have votes that the account has not seen.
    if (!update.results.hasUnreadVotes && (store.chats.get(at)?.votes ?? 0) === 0) return;
    refreshChats([at]);
    recountTopics(context, at, [msgId]);
  },
};
