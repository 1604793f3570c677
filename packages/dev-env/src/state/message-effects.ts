import { keyOfReaction } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';
import type { AccountParts, Effects } from './account-parts.ts';
import { markPeer } from './box-message.ts';
import { raise } from './message-box.ts';

/** What updates do to messages. */
export const MESSAGE_EFFECTS: Effects = {
  updateNewMessage(state, { message }) {
    if (message._ === 'messageEmpty') return;
    const peer = markPeer(message.peer_id);
    if (!state.box.hasMessages(peer)) expireBar(state, peer);
    putMessage(state, message);
    if (message._ === 'messageService') applyAction(state, message);
  },
  updateEditMessage: (state, { message }) => putMessage(state, message),
  updateDeleteMessages: (state, { messages }) => removeMessages(state, messages),
  updateMessageReactions(state, { peer, msg_id, reactions }) {
    noticeTags(state, reactions);
    const box = peer._ === 'peerChannel' ? state.channels.find(markPeer(peer))?.box : state.box;
    box?.react(msg_id, reactions);
  },
  updatePinnedMessages: (state, { messages, pinned }) => state.box.pin(messages, pinned === true),
  updateReadMessagesContents: (state, { messages }) => state.box.play(messages),
  updateChannelReadMessagesContents: (state, { channel_id, messages }) => state.channels.find(markPeer({ _: 'peerChannel', channel_id }))?.box.play(messages),
  updateReadHistoryInbox: (state, { peer, max_id }) => raise(state.box.readInbox, markPeer(peer), max_id),
  updateReadHistoryOutbox: (state, { peer, max_id }) => raise(state.box.readOutbox, markPeer(peer), max_id),
  updateWebPage: (state, { webpage }) => state.box.showPage(webpage),
  updateMessagePoll(state, update) {
    for (const box of [state.box, ...state.channels.boxes()]) box.showPoll(update);
  },

  updateNewScheduledMessage(state, { message }) {
    if (message._ !== 'messageEmpty') state.cells.set(scheduledCell(markPeer(message.peer_id), message.id), message);
  },
  updateDeleteScheduledMessages(state, { peer, messages }) {
    for (const id of messages) state.cells.set(scheduledCell(markPeer(peer), id), undefined);
  },
};

/** The cell of a message that waits for its time. */
export function scheduledCell(peer: number, id: number): string {
  return `scheduled ${peer} ${id}`;
}

/** Takes messages away that were deleted. */
export function removeMessages(state: AccountParts, ids: readonly number[]): void {
  const peers = new Set(ids.flatMap((id) => state.messages.get(id)?.peer ?? []));
  const firsts = new Map([...peers].map((peer) => [peer, state.box.firstOf(peer)]));
  state.box.remove(ids);
  for (const [peer, first] of firsts) if (first !== undefined && !state.messages.has(first)) expireBar(state, peer);
}

/** The bar above a chat depends on who wrote its first message: clients read it again when they open the chat. */
function expireBar(state: AccountParts, peer: number): void {
  state.cells.expire(`bar ${peer}`);
}

function putMessage(state: AccountParts, message: tl.Message): void {
  if (message._ === 'message' && message.reactions) noticeTags(state, message.reactions);
  state.box.put(message);
}

/** A tag that was in no use until now may have a name that the client does not know. */
function noticeTags(state: AccountParts, reactions: tl.messageReactions): void {
  if (reactions.reactions_as_tags !== true) return;
  const used = state.box.countTags();
  for (const { reaction } of reactions.results) {
    if (!used.has(keyOfReaction(reaction))) state.cells.expire(`tag ${keyOfReaction(reaction)}`);
  }
}

/** Some service messages are all that is told of what they say. */
function applyAction(state: AccountParts, { action, out, peer_id }: tl.messageService): void {
  if (action._ !== 'messageActionNoForwardsToggle') return;
  const name = `protected ${markPeer(peer_id)}`;
  if (!action.new_value) return state.cells.set(name, undefined);
  const known = state.cells.get<{ my?: true; peer?: true }>(name);
  state.cells.set(name, { ...known, ...(out === true ? { my: true } : { peer: true }) });
}
