import { isMarkedChannel } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';
import { findChannel } from './random/channel-actions.ts';
import type { AccountState } from './state/account-state.ts';
import type { BoxMessage } from './state/box-message.ts';
import { applyEffect } from './state/effects.ts';
import { isOutside } from './state/group-effects.ts';
import type { MessageBox } from './state/message-box.ts';

/** Of how many messages the reactions are asked at once. */
const ASKED_MAX = 100;

/** How the reactions in groups and channels are asked for. */
export interface Asking {
  call(request: tl.messages.getMessagesReactions): Promise<tl.Updates>;
  /** Whether a device asks for those to a message; it does unless given. */
  isAsked?: (peer: number, message: BoxMessage) => boolean;
}

/** Where a state has the messages of a chat; undefined for a channel that it does not know. @param peer marked */
export function boxOf(state: AccountState, peer: number): MessageBox | undefined {
  return isMarkedChannel(BigInt(peer)) ? state.channels.find(peer)?.box : state.box;
}

/**
 * Asks for the reactions in groups and channels that a state or a fresh load shows, as clients do for what they show, because they have no events. Those of groups in which
 * the account is no more are forgotten, because nobody is told these.
 */
export async function askReactions(state: AccountState, fresh: AccountState, { call, isAsked = () => true }: Asking): Promise<void> {
  const groups = [...state.messages.values()].map(({ peer }) => peer).filter((peer) => peer < 0);
  const channels = [...state.channels.states].map(([peer]) => peer);
  for (const peer of new Set([...groups, ...channels])) {
    const [box, now] = [boxOf(state, peer)!, boxOf(fresh, peer)];
    const shown = box.listReacted(peer);
    const chat = fresh.cells.get<tl.Chat>(`group ${peer}`);
    if (chat !== undefined && isOutside(chat)) box.change(shown, () => ({ reactions: undefined }));
    const input = isMarkedChannel(BigInt(peer)) ? findChannel(state, peer)?.peer : ({ _: 'inputPeerChat', chat_id: BigInt(-peer) } as const);
    if (now === undefined || input === undefined || (chat !== undefined && isOutside(chat))) continue;
    const ids = [...new Set([...shown, ...now.listReacted(peer)])].filter((id) => box.messages.has(id) && isAsked(peer, box.messages.get(id)!));
    for (let at = 0; at < ids.length; at += ASKED_MAX) {
      const answer = await call({ _: 'messages.getMessagesReactions', peer: input, id: ids.slice(at, at + ASKED_MAX) });
      if (answer._ === 'updates') for (const update of answer.updates) applyEffect(state, update);
    }
  }
}
