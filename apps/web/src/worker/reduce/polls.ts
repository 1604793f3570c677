import type { MessageId, PeerId } from '../../protocol/index.ts';
import { peerIdOf } from '../models/ids.ts';
import { tellsOtherVote, updatedPoll } from '../models/poll.ts';
import type { Reducers } from './context.ts';
import { recountTopics } from './topics.ts';

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
      store.changeMessage(place.peer, place.id, (row) => (row.media?.kind === 'poll' && row.media.poll.id === id ? { ...row, media: { kind: 'poll', poll: updatedPoll(row.media.poll, update) } } : row));
    }
    const at = peer && peerIdOf(peer);
    if (at === undefined || msgId === undefined || update.results.min) return;
    // Only the server knows how many polls have votes that the account has not seen.
    if (!update.results.hasUnreadVotes && (store.chats.get(at)?.votes ?? 0) === 0) return;
    refreshChats([at]);
    recountTopics(context, at, [msgId]);
  },
};
