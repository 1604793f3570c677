import type { tl } from '@aerogram/tl';
import type { AccountState } from '../state/account-state.ts';
import type { BoxMessage } from '../state/box-message.ts';
import { changeChecklist, isChecklist, newChecklist } from './checklist-actions.ts';
import type { Chance, Make, RandomPeer } from './chance.ts';
import { listGroups } from './group-actions.ts';

/** More channels are not created, so that much happens in each. */
const CHANNELS_MAX = 3;

/** A channel that a device can refer to. */
export interface KnownChannel {
  /** Marked. */
  id: number;
  input: tl.inputChannel;
  peer: tl.inputPeerChannel;
}

/** A channel as a device knows it; undefined if it was never told of it. */
export function findChannel(state: AccountState, id: number): KnownChannel | undefined {
  const chat = state.cells.get<tl.Chat>(`group ${id}`);
  if (chat?._ !== 'channel' || chat.access_hash === undefined) return undefined;
  const { id: channel_id, access_hash } = chat;
  return { id, input: { _: 'inputChannel', channel_id, access_hash }, peer: { _: 'inputPeerChannel', channel_id, access_hash } };
}

/** The channels that a device shows. */
function listChannels(state: AccountState): KnownChannel[] {
  return [...state.channels.states].flatMap(([id]) => findChannel(state, id) ?? []);
}

function userOf({ input }: RandomPeer): tl.InputUser {
  return input._ === 'inputPeerUser' ? { ...input, _: 'inputUser' } : { _: 'inputUserSelf' };
}

interface InChannel extends KnownChannel {
  /** The messages that the device has of it, the oldest first. */
  messages: BoxMessage[];
  users: readonly RandomPeer[];
}

/** What somebody does in a channel that they are in. */
const inChannel = (make: (chance: Chance, channel: InChannel) => ReturnType<Make>): Make => (chance, state, peers) => {
  const channel = chance.of(listChannels(state));
  if (channel === undefined) return undefined;
  const messages = [...(state.channels.find(channel.id)?.box.messages.values() ?? [])].filter(({ raw }) => raw._ === 'message');
  return make(chance, { ...channel, messages, users: peers.filter(({ id }) => id > 0) });
};

/** What people do with supergroups, with weights. */
export const CHANNEL_ACTIONS: readonly (readonly [weight: number, make: Make])[] = [
  [2, (chance, state) => {
    if (listChannels(state).length >= CHANNELS_MAX) return undefined;
    return { _: 'channels.createChannel', megagroup: true, title: `Supergroup ${chance.below(1000)}`, about: '' };
  }],
  [1, (chance, state) => {
    if (listChannels(state).length >= CHANNELS_MAX) return undefined;
    const group = chance.of(listGroups(state));
    return group && { _: 'messages.migrateChat', chat_id: group.chatId };
  }],
  [6, inChannel((chance, { input, users }) => ({ _: 'channels.inviteToChannel', channel: input, users: [userOf(chance.of(users)!)] }))],
  [2, inChannel((chance, { input }) => (chance.below(3) === 0 ? { _: 'channels.leaveChannel', channel: input } : undefined))],
  [3, inChannel((chance, { input, users }) => {
    const banned_rights: tl.chatBannedRights = { _: 'chatBannedRights', until_date: 0, view_messages: chance.flag(2), send_polls: chance.flag(2) };
    return { _: 'channels.editBanned', channel: input, participant: chance.of(users)!.input, banned_rights };
  })],
  [2, inChannel((chance, { input, users }) => {
    const admin_rights: tl.chatAdminRights = { _: 'chatAdminRights', invite_users: chance.flag(2), ban_users: chance.flag(2), delete_messages: chance.flag(2) };
    return { _: 'channels.editAdmin', channel: input, user_id: userOf(chance.of(users)!), admin_rights, rank: '' };
  })],
  [1, inChannel((chance, { input }) => ({ _: 'channels.editTitle', channel: input, title: `Supergroup ${chance.below(1000)}` }))],
  [16, inChannel((chance, { peer, messages }) => {
    const target = chance.below(3) === 0 ? chance.of(messages) : undefined;
    const reply_to: tl.InputReplyTo | undefined = target && { _: 'inputReplyToMessage', reply_to_msg_id: target.id };
    return { _: 'messages.sendMessage', peer, message: chance.text().trim(), reply_to, random_id: chance.random.int63() };
  })],
  [2, inChannel((chance, { peer }) => ({ _: 'messages.sendMedia', peer, media: newChecklist(chance), message: '', random_id: chance.random.int63() }))],
  [6, inChannel((chance, { peer, messages }) => {
    const message = chance.of(messages.filter(isChecklist));
    return message && changeChecklist(chance, peer, message);
  })],
  [8, inChannel((chance, { peer, messages }) => {
    const message = chance.of(messages);
    const emoticon = chance.of(['👍', '🔥', '👎'])!;
    return message && { _: 'messages.sendReaction', peer, msg_id: message.id, reaction: chance.below(3) === 0 ? undefined : [{ _: 'reactionEmoji', emoticon }], add_to_recent: chance.flag(4) };
  })],
  [2, inChannel((_chance, { peer }) => ({ _: 'messages.readReactions', peer }))],
  [4, inChannel((chance, { peer, messages }) => {
    const message = chance.of(messages.filter(({ out }) => out));
    return message && { _: 'messages.editMessage', peer, id: message.id, message: chance.text().trim() };
  })],
  [4, inChannel((chance, { input, messages }) => {
    const id = messages.slice(-10).filter(({ out }) => out || chance.below(6) === 0).slice(0, 1 + chance.below(3)).map((message) => message.id);
    return id.length === 0 ? undefined : { _: 'channels.deleteMessages', channel: input, id };
  })],
  [4, inChannel((chance, { input, messages }) => ({ _: 'channels.readHistory', channel: input, max_id: chance.of(messages)?.id ?? 0 }))],
];
