import type { PeerId } from '../../protocol/index.ts';

/**
 * The chats of several lists one after the other, each once. Lists are told of a change one by one, so for a moment a chat that was archived stands in two.
 * Pure. @param first stands before all others
 */
export const joinLists = (first: PeerId | undefined, ...lists: readonly PeerId[][]): PeerId[] => [...new Set([...(first === undefined ? [] : [first]), ...lists.flat()])];
