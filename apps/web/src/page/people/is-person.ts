import type { Peer } from '../../protocol/index.ts';

/** The account of the server, which is nobody. */
const SERVICE_CHAT = 777_000;

/** Somebody else, or a bot. Pure. */
export const isPerson = (peer: Peer): boolean => peer.kind === 'user' && !peer.isSelf && !peer.isDeleted && peer.id !== SERVICE_CHAT;
