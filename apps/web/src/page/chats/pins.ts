import type { ChatsView, PeerId } from '../../protocol/index.ts';

/** The pinned chats of a list, which stand first. Pure. */
export const pinsOf = ({ order = [], items = {} }: Partial<ChatsView>): PeerId[] => order.filter((peer) => items[peer]?.chat.pinned !== undefined);

/** Puts a pinned chat to another place, from 0. Pure. */
export const movePin = (pins: readonly PeerId[], peer: PeerId, to: number): PeerId[] => pins.filter((each) => each !== peer).toSpliced(to, 0, peer);

/** Whether chats stand in the same order. Pure. */
export const isSameOrder = (first: readonly PeerId[], second: readonly PeerId[]): boolean => first.length === second.length && first.every((peer, at) => peer === second[at]);
