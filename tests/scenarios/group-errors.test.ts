import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '@aerogram/dev-env';
import { createGroup, leave, people } from './group-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

type Case = [Actor, tl.RpcMethod, string];

/** Makes each call, and compares the error with the expected one. */
async function areRefused(cases: readonly Case[]): Promise<void> {
  for (const [actor, request, text] of cases) expect([request._, (await actor.main.fails(request)).text]).toEqual([request._, text]);
}

test('people without an account are refused by name in a basic group', async () => {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const group = await createGroup(alice, [bob]);
  await alice.meet(carol);
  const userId = alice.main.inputUser(carol.id);
  await carol.main.call({ _: 'account.deleteAccount', reason: 'tired' });
  await areRefused([
    [alice, { _: 'messages.createChat', users: [userId], title: 'x' }, 'INPUT_USER_DEACTIVATED'],
    [alice, { _: 'messages.addChatUser', chatId: group.id, userId, fwdLimit: 0 }, 'INPUT_USER_DEACTIVATED'],
    [alice, { _: 'messages.editChatAdmin', chatId: group.id, userId, isAdmin: true }, 'USER_NOT_PARTICIPANT'],
    [alice, { _: 'messages.deleteChatUser', chatId: group.id, userId }, 'USER_NOT_PARTICIPANT'],
  ]);
});

test('those who have left a basic group are refused by name whatever changes it', async () => {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const { id: chatId, peer, ...group } = await createGroup(alice, [bob, carol]);
  await bob.meet(carol);
  const userId = bob.main.inputUser(carol.id);
  await leave(bob, { id: chatId, peer, ...group });
  const bannedRights: tl.TypeChatBannedRights = { _: 'chatBannedRights', untilDate: 0, sendPolls: true };
  await areRefused([
    [bob, { _: 'messages.addChatUser', chatId, userId, fwdLimit: 0 }, 'CHAT_WRITE_FORBIDDEN'],
    [bob, { _: 'messages.deleteChatUser', chatId, userId }, 'CHAT_ADMIN_REQUIRED'],
    [bob, { _: 'messages.deleteChatUser', chatId, userId: { _: 'inputUserSelf' } }, 'USER_NOT_PARTICIPANT'],
    [bob, { _: 'messages.editChatTitle', chatId, title: 'x' }, 'CHAT_WRITE_FORBIDDEN'],
    [bob, { _: 'messages.editChatAbout', peer, about: 'x' }, 'CHAT_WRITE_FORBIDDEN'],
    [bob, { _: 'messages.editChatPhoto', chatId, photo: { _: 'inputChatPhotoEmpty' } }, 'CHAT_WRITE_FORBIDDEN'],
    [bob, { _: 'messages.editChatAdmin', chatId, userId, isAdmin: true }, 'CHAT_WRITE_FORBIDDEN'],
    [bob, { _: 'messages.editChatDefaultBannedRights', peer, bannedRights }, 'CHAT_WRITE_FORBIDDEN'],
    [bob, { _: 'messages.editChatParticipantRank', peer, participant: { _: 'inputPeerSelf' }, rank: 'x' }, 'CHAT_WRITE_FORBIDDEN'],
    [bob, { _: 'messages.setHistoryTTL', peer, period: 86_400 }, 'CHAT_WRITE_FORBIDDEN'],
    [bob, { _: 'messages.toggleNoForwards', peer, enabled: true }, 'CHAT_WRITE_FORBIDDEN'],
    [bob, { _: 'messages.deleteChat', chatId }, 'CHAT_WRITE_FORBIDDEN'],
    [bob, { _: 'messages.getFutureChatCreatorAfterLeave', peer }, 'CHAT_WRITE_FORBIDDEN'],
    [bob, { _: 'messages.getOnlines', peer }, 'CHAT_WRITE_FORBIDDEN'],
    [bob, { _: 'messages.setTyping', peer, action: { _: 'sendMessageTypingAction' } }, 'CHAT_WRITE_FORBIDDEN'],
    [bob, { _: 'messages.getMessageEditData', peer, id: 1 }, 'CHAT_WRITE_FORBIDDEN'],
    [bob, { _: 'messages.unpinAllMessages', peer }, 'CHAT_WRITE_FORBIDDEN'],
  ]);
  // What is new in the group is not shown to them, either.
  await alice.main.call({ _: 'messages.editChatAbout', peer, about: 'a secret' });
  expect((await bob.main.call({ _: 'messages.getFullChat', chatId })).fullChat).toMatchObject({ about: '', participants: { _: 'chatParticipantsForbidden' } });
});

test('what is no basic group is refused by name', async () => {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  await alice.meet(bob);
  const person = alice.main.inputPeer(bob.id);
  const stranger: tl.TypeInputPeer = { _: 'inputPeerChat', chatId: 999_999 };
  const bannedRights: tl.TypeChatBannedRights = { _: 'chatBannedRights', untilDate: 0 };
  const page = { offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0 };
  await areRefused([
    [alice, { _: 'messages.editChatDefaultBannedRights', peer: person, bannedRights }, 'PEER_ID_INVALID'],
    [alice, { _: 'messages.getOnlines', peer: person }, 'PEER_ID_INVALID'],
    [alice, { _: 'messages.getFutureChatCreatorAfterLeave', peer: person }, 'PEER_ID_INVALID'],
    [alice, { _: 'messages.editChatParticipantRank', peer: person, participant: person, rank: '' }, 'PEER_ID_INVALID'],
    [alice, { _: 'messages.getUnreadMentions', peer: { _: 'inputPeerEmpty' }, ...page }, 'PEER_ID_INVALID'],
    [alice, { _: 'messages.readMentions', peer: { _: 'inputPeerEmpty' } }, 'PEER_ID_INVALID'],
    // Together with the marks of peers this number would be that of no peer.
    [alice, { _: 'messages.getFullChat', chatId: 1_000_000_000_000 }, 'CHAT_ID_INVALID'],
    [alice, { _: 'messages.getUnreadMentions', peer: stranger, ...page }, 'CHAT_ID_INVALID'],
    [alice, { _: 'messages.readMentions', peer: stranger }, 'CHAT_ID_INVALID'],
    [alice, { _: 'messages.setHistoryTTL', peer: stranger, period: 86_400 }, 'CHAT_ID_INVALID'],
    [alice, { _: 'messages.toggleNoForwards', peer: stranger, enabled: true }, 'CHAT_ID_INVALID'],
    [alice, { _: 'messages.getMessageReadParticipants', peer: stranger, msgId: 1 }, 'CHAT_ID_INVALID'],
    [alice, { _: 'messages.getCommonChats', userId: { _: 'inputUser', userId: bob.id, accessHash: Long.ONE }, maxId: 0, limit: 10 }, 'USER_ID_INVALID'],
    [alice, { _: 'messages.deleteChat', chatId: 999_999 }, 'CHAT_ID_INVALID'],
    [alice, { _: 'messages.addChatUser', chatId: 999_999, userId: alice.main.inputUser(bob.id), fwdLimit: 0 }, 'CHAT_ID_INVALID'],
    [alice, { _: 'messages.editChatAdmin', chatId: 999_999, userId: alice.main.inputUser(bob.id), isAdmin: true }, 'CHAT_ID_INVALID'],
  ]);
});

test('what a group cannot be made of is refused by name, and nobody else is needed for one', async () => {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const { id: chatId, peer, ...group } = await createGroup(alice, [bob, carol]);
  const unseen: tl.TypeInputUser = { _: 'inputUserFromMessage', peer, msgId: 999_999, userId: bob.id };
  const wrongHash: tl.TypeInputUser = { _: 'inputUser', userId: bob.id, accessHash: Long.ONE };
  await leave(bob, { id: chatId, peer, ...group });
  await areRefused([
    [alice, { _: 'messages.createChat', users: [], title: ' ' }, 'CHAT_TITLE_EMPTY'],
    [alice, { _: 'messages.createChat', users: [{ _: 'inputUserEmpty' }], title: 'x' }, 'USER_ID_INVALID'],
    [alice, { _: 'messages.createChat', users: [wrongHash], title: 'x' }, 'USER_ID_INVALID'],
    [alice, { _: 'messages.createChat', users: [unseen], title: 'x' }, 'MSG_ID_INVALID'],
    [alice, { _: 'messages.addChatUser', chatId, userId: unseen, fwdLimit: 0 }, 'MSG_ID_INVALID'],
    [alice, { _: 'messages.addChatUser', chatId, userId: wrongHash, fwdLimit: 0 }, 'USER_ID_INVALID'],
    [alice, { _: 'messages.addChatUser', chatId, userId: alice.main.inputUser(bob.id), fwdLimit: 0 }, 'USER_NOT_MUTUAL_CONTACT'],
    [alice, { _: 'messages.addChatUser', chatId, userId: alice.main.inputUser(carol.id), fwdLimit: 0 }, 'USER_ALREADY_PARTICIPANT'],
    [bob, { _: 'messages.migrateChat', chatId }, 'CHAT_WRITE_FORBIDDEN'],
    [carol, { _: 'messages.migrateChat', chatId }, 'CHAT_ADMIN_REQUIRED'],
  ]);
  const { updates } = await alice.main.invite({ _: 'messages.createChat', users: [], title: 'Alone' });
  expect((updates as tl.RawUpdates).chats).toMatchObject([{ _: 'chat', title: 'Alone', participantsCount: 1 }]);
});
