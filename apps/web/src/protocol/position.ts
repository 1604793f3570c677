import type { Message, MessageId, PeerId } from './models.ts';

/**
 * Where a message stands in the history of a chat. A supergroup that was a basic group before has one history of both, whose ids overlap. So the
 * position of its own messages is their id, and that of the old ones is their id minus 2^31, which puts all of them before the others.
 */
export type Position = number;

/** Ids of messages are below this number. */
const IDS = 2 ** 31;

/** Where a message stands in the history of a chat: its own, or that of the supergroup which its chat became. Pure. */
export const positionIn = (chat: PeerId, { peer, id }: Pick<Message, 'peer' | 'id'>): Position => (peer === chat ? id : id - IDS);

/** Whether the message at a position was written in the basic group from which the chat was made. Pure. */
export const isOldPosition = (position: Position): boolean => position < 0;

/** The id of the message at a position, in the chat in which it was written. Pure. */
export const idAt = (position: Position): MessageId => (isOldPosition(position) ? position + IDS : position);
