import type { tl } from '@aerogram/tl';
import type { AccountState } from '../state/account-state.ts';
import type { Chance, Make, RandomPeer } from './chance.ts';

/** More groups are not created, so that much happens in each. */
const GROUPS_MAX = 4;

/** The basic groups that a device knows: those that the account is in, or those that it was in. */
export function listGroups(state: AccountState, isIn = true): (RandomPeer & { chatId: bigint })[] {
  return state.cells.list('group ').flatMap((name) => {
    const chat = state.cells.get<tl.Chat>(name);
    if (chat === undefined || chat._ !== 'chat' || chat.deactivated === true || (chat.left !== true) !== isIn) return [];
    const chatId = BigInt(chat.id);
    return [{ id: -Number(chatId), chatId, input: { _: 'inputPeerChat', chat_id: chatId } }];
  });
}

function userOf({ input }: RandomPeer): tl.InputUser {
  return input._ === 'inputPeerUser' ? { ...input, _: 'inputUser' } : { _: 'inputUserSelf' };
}

/** What somebody does in a group that they are in. */
const inGroup = (make: (chance: Chance, group: { chatId: bigint; peer: tl.InputPeer }, users: readonly RandomPeer[], state: AccountState) => ReturnType<Make>): Make =>
  (chance, state, peers) => {
    const group = chance.of(listGroups(state));
    return group && make(chance, { chatId: group.chatId, peer: group.input }, peers.filter(({ id }) => id > 0), state);
  };

/** What people do with basic groups, beside writing in them, with weights. */
export const GROUP_ACTIONS: readonly (readonly [weight: number, make: Make])[] = [
  [3, (chance, state, peers) => {
    if (listGroups(state).length >= GROUPS_MAX) return undefined;
    const users = peers.filter(({ id }) => id > 0 && id !== state.self && chance.below(3) > 0).map(userOf);
    return { _: 'messages.createChat', title: `Group ${chance.below(1000)}`, users };
  }],
  [5, inGroup((chance, { chatId }, users) => ({ _: 'messages.addChatUser', chat_id: chatId, user_id: userOf(chance.of(users)!), fwd_limit: chance.below(10) }))],
  [2, (chance, state) => {
    const left = chance.of(listGroups(state, false));
    return left && { _: 'messages.addChatUser', chat_id: left.chatId, user_id: { _: 'inputUserSelf' }, fwd_limit: 0 };
  }],
  [3, inGroup((chance, { chatId }, users) => ({ _: 'messages.deleteChatUser', chat_id: chatId, user_id: userOf(chance.of(users)!) }))],
  [2, inGroup((chance, { chatId }) => ({ _: 'messages.editChatTitle', chat_id: chatId, title: `Group ${chance.below(1000)}` }))],
  [2, inGroup((chance, { peer }) => ({ _: 'messages.editChatAbout', peer, about: `about ${chance.below(1000)}` }))],
  [3, inGroup((chance, { chatId }, users) => ({ _: 'messages.editChatAdmin', chat_id: chatId, user_id: userOf(chance.of(users)!), is_admin: chance.below(3) > 0 }))],
  [2, inGroup((chance, { peer }, users) => {
    const member = chance.of(users)!;
    return { _: 'messages.editChatParticipantRank', peer, participant: member.input, rank: chance.of(['', 'first', 'second'])! };
  })],
  [1, inGroup((chance, { peer }) => {
    const banned_rights: tl.chatBannedRights = { _: 'chatBannedRights', until_date: 0, change_info: chance.flag(4), invite_users: chance.flag(4), pin_messages: chance.flag(4), send_reactions: chance.flag(4) };
    return { _: 'messages.editChatDefaultBannedRights', peer, banned_rights };
  })],
  [1, inGroup((chance, { peer }) => ({ _: 'messages.toggleNoForwards', peer, enabled: chance.below(3) === 0 }))],
  [1, inGroup((chance, { peer }) => ({ request: { _: 'messages.setHistoryTTL', peer, period: chance.below(4) * 86_400 }, shares: 'ttl' }))],
  [8, inGroup((chance, { peer }, users) => {
    const entities: tl.MessageEntity[] = [{ _: 'inputMessageEntityMentionName', offset: 0, length: 4, user_id: userOf(chance.of(users)!) }];
    return { _: 'messages.sendMessage', peer, message: chance.text().trim(), entities, random_id: chance.random.int63() };
  })],
  [3, inGroup((_chance, { peer }) => ({ _: 'messages.readMentions', peer }))],
  [1, inGroup((chance, { chatId }) => (chance.below(4) === 0 ? { _: 'messages.deleteChat', chat_id: chatId } : undefined))],
];
