import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, type Device, verifyUpdates } from '@aerogram/dev-env';
import { createGroup, type Group, leave, people, promote, write } from './group-stage.ts';
import { pollOf, receives, sendPoll, vote } from './poll-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const MIGRATED_TO = 'action:messageActionChatMigrateTo';
const MIGRATED_FROM = 'action:messageActionChannelMigrateFrom';

/** Makes a supergroup of a group. @returns its marked id */
async function migrate(actor: Actor, { id }: Group): Promise<number> {
  const { chats } = (await actor.main.change({ _: 'messages.migrateChat', chatId: id })) as tl.RawUpdates;
  return -1_000_000_000_000 - (chats.find((chat) => chat._ === 'channel') as tl.RawChannel).id;
}

const knows = (device: Device, id: number): Promise<void> => device.waitUntil(`channel ${id}`, () => device.state.channels.find(id) !== undefined);

async function dialogOf(device: Device, peer: tl.TypeInputPeer): Promise<tl.RawDialog> {
  const { dialogs } = await device.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer }] });
  return dialogs[0] as tl.RawDialog;
}

describe('a basic group becomes a supergroup', () => {
  test('with its members and their roles; both histories name each other', { timeout: 120_000 }, async () => {
    const [alice, bob, carol, dave] = (await people(scenario, 'Alice', 'Bob', 'Carol', 'Dave')) as [Actor, Actor, Actor, Actor];
    const tablet = await bob.device();
    const group = await createGroup(alice, [bob, carol, dave]);
    await promote(alice, group, bob);
    await alice.main.change({ _: 'messages.editChatParticipantRank', peer: group.peer, participant: alice.main.inputPeer(carol.id), rank: 'guide' });
    await alice.main.change({ _: 'messages.editChatAbout', peer: group.peer, about: 'rocks' });
    await leave(dave, group);
    await write(alice, group, 'before');
    for (const actor of [bob, carol]) await actor.sees('before');
    await carol.main.goOffline();
    let id = 0;
    await verifyUpdates([alice, bob], async () => {
      const answer = (await alice.main.change({ _: 'messages.migrateChat', chatId: group.id })) as tl.RawUpdates;
      expect(answer.chats).toMatchObject([
        { _: 'chat', id: group.id, deactivated: true, migratedTo: { _: 'inputChannel' }, participantsCount: 0 },
        { _: 'channel', megagroup: true, creator: true, title: 'Climbing', participantsCount: 3 },
      ]);
      const channel = answer.chats.find((chat) => chat._ === 'channel') as tl.RawChannel;
      id = -1_000_000_000_000 - channel.id;
      expect(answer.updates.filter((update) => update._ === 'updateNewMessage')).toMatchObject([{ message: { action: { _: 'messageActionChatMigrateTo', channelId: channel.id } } }]);
      expect(answer.updates.filter((update) => update._ === 'updateNewChannelMessage')).toMatchObject([
        { pts: 2, message: { id: 1, out: true, action: { _: 'messageActionChannelMigrateFrom', title: 'Climbing', chatId: group.id } } },
      ]);
      for (const device of [bob.main, tablet]) await device.sees(MIGRATED_FROM);
      expect(await bob.sees(MIGRATED_TO)).toMatchObject({ from: alice.id, peer: -group.id });
      // A repeat whose answer was lost.
      expect(((await alice.main.call({ _: 'messages.migrateChat', chatId: group.id })) as tl.RawUpdates).chats).toMatchObject([{ id: group.id }, { id: channel.id }]);
    });
    await carol.main.goOnline();
    await carol.main.catchUp();
    await knows(carol.main, id);
    await carol.sees(MIGRATED_TO);
    expect(dave.main.find(MIGRATED_TO)).toBeUndefined();
    const { participants } = (await alice.main.call({
      _: 'channels.getParticipants', channel: alice.main.inputChannel(id), filter: { _: 'channelParticipantsRecent' }, offset: 0, limit: 100, hash: { low: 0, high: 0 } as never,
    })) as tl.channels.RawChannelParticipants;
    const byUser = new Map(participants.map((one) => ['userId' in one ? one.userId : 0, one]));
    expect(byUser.get(alice.id)).toMatchObject({ _: 'channelParticipantCreator' });
    expect(byUser.get(bob.id)).toMatchObject({ _: 'channelParticipantAdmin', promotedBy: alice.id, adminRights: { banUsers: true, inviteUsers: true, addAdmins: false } });
    expect(byUser.get(carol.id)).toMatchObject({ _: 'channelParticipant', rank: 'guide' });
    expect(participants).toHaveLength(3);
    const { fullChat, chats } = await carol.main.call({ _: 'channels.getFullChannel', channel: carol.main.inputChannel(id) });
    const last = carol.main.find(MIGRATED_TO)!.id;
    expect(Number((fullChat as tl.RawChannelFull).migratedFromChatId)).toBe(group.id);
    expect(fullChat).toMatchObject({ about: 'rocks', migratedFromMaxId: last, participantsCount: 3 });
    // The owner has a link to show at once, although the group had none.
    const ofAlice = (await alice.main.call({ _: 'channels.getFullChannel', channel: alice.main.inputChannel(id) })).fullChat as tl.RawChannelFull;
    expect(ofAlice.exportedInvite).toMatchObject({ permanent: true, adminId: alice.id });
    expect(chats.map((chat) => chat.id)).toContain(group.id);
    // Each sees the end of the own history.
    const ofBob = (await bob.main.call({ _: 'channels.getFullChannel', channel: bob.main.inputChannel(id) })).fullChat as tl.RawChannelFull;
    expect(ofBob.migratedFromMaxId).toBe((await bob.sees(MIGRATED_TO)).id);
    const { messages } = (await carol.main.call({
      _: 'messages.getHistory', peer: group.peer, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 2, maxId: 0, minId: 0, hash: { low: 0, high: 0 } as never,
    })) as tl.messages.RawMessages;
    expect(messages).toMatchObject([{ id: last, action: { _: 'messageActionChatMigrateTo' } }, { message: 'before' }]);
    await verifyUpdates([alice, bob, carol], async () => {
      await carol.main.change({ _: 'messages.sendMessage', peer: carol.main.inputPeer(id), message: 'after', randomId: randomLong() });
      for (const actor of [alice, bob]) await actor.sees('after');
    });
  });

  test('while a member is away, who is told of no list of members any more', async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const group = await createGroup(alice, [bob]);
    await alice.meet(carol);
    await carol.main.goOffline();
    await alice.main.invite({ _: 'messages.addChatUser', chatId: group.id, userId: alice.main.inputUser(carol.id), fwdLimit: 0 });
    const id = await migrate(alice, group);
    await carol.main.goOnline();
    await carol.main.catchUp();
    await knows(carol.main, id);
    const lists = carol.main.events.flatMap((update) => (update._ === 'updateChatParticipants' ? [update.participants._] : []));
    expect(lists.length).toBeGreaterThan(1);
    expect(new Set(lists)).toEqual(new Set(['chatParticipantsForbidden']));
    // The device that was online has got the list of that time.
    expect(bob.main.events.some((update) => update._ === 'updateChatParticipants' && update.participants._ === 'chatParticipants')).toBe(true);
  });

  test('that takes over folder, pin, mute, marks, drafts and chat folders of the old one', async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const phone = await bob.device();
    const group = await createGroup(alice, [bob, carol]);
    await bob.send(carol, 'hi');
    await bob.main.change({ _: 'messages.toggleDialogPin', pinned: true, peer: { _: 'inputDialogPeer', peer: group.peer } });
    await bob.main.change({ _: 'messages.toggleDialogPin', pinned: true, peer: { _: 'inputDialogPeer', peer: bob.main.inputPeer(carol.id) } });
    for (const { main } of [bob, carol]) {
      await main.call({ _: 'account.updateNotifySettings', peer: { _: 'inputNotifyPeer', peer: group.peer }, settings: { _: 'inputPeerNotifySettings', muteUntil: 2_000_000_000 } });
    }
    const title: tl.TypeTextWithEntities = { _: 'textWithEntities', text: 'Sport', entities: [] };
    await bob.main.call({ _: 'messages.updateDialogFilter', id: 2, filter: { _: 'dialogFilter', id: 2, title, pinnedPeers: [], includePeers: [group.peer], excludePeers: [] } });
    await carol.main.change({ _: 'folders.editPeerFolders', folderPeers: [{ _: 'inputFolderPeer', peer: group.peer, folderId: 1 }] });
    await bob.main.call({ _: 'messages.markDialogUnread', unread: true, peer: { _: 'inputDialogPeer', peer: group.peer } });
    const replyTo: tl.TypeInputReplyTo = { _: 'inputReplyToMessage', replyToMsgId: (await bob.sees('action:messageActionChatCreate')).id };
    await bob.main.call({ _: 'messages.saveDraft', peer: group.peer, message: 'I come', replyTo });
    // Without the message to which it replies, nothing is left of it.
    await carol.main.call({ _: 'messages.saveDraft', peer: group.peer, message: '', replyTo: { ...replyTo, replyToMsgId: (await carol.sees('action:messageActionChatCreate')).id } });
    let id = 0;
    await verifyUpdates([alice, bob, carol], async () => {
      id = await migrate(alice, group);
      for (const device of [bob.main, phone, carol.main]) await device.sees(MIGRATED_FROM);
    });
    const dialog = await dialogOf(bob.main, bob.main.inputPeer(id));
    expect(dialog).toMatchObject({ pinned: true, unreadCount: 0, unreadMark: true, notifySettings: { muteUntil: 2_000_000_000 }, draft: { _: 'draftMessage', message: 'I come' } });
    expect((dialog.draft as tl.RawDraftMessage).replyTo).toBeUndefined();
    const old = await dialogOf(bob.main, group.peer);
    expect(old).toMatchObject({ unreadCount: 0 });
    expect([old.pinned, old.unreadMark, old.draft?._]).toEqual([false, false, undefined]);
    expect((await Promise.all([group.peer, carol.main.inputPeer(id)].map((peer) => dialogOf(carol.main, peer)))).map(({ draft }) => draft?._)).toEqual([undefined, undefined]);
    const pinned = await bob.main.call({ _: 'messages.getPinnedDialogs', folderId: 0 });
    expect(pinned.dialogs.map(({ peer }) => peer._)).toEqual(['peerUser', 'peerChannel']);
    expect((await dialogOf(carol.main, carol.main.inputPeer(id))).folderId).toBe(1);
    const { filters } = await bob.main.call({ _: 'messages.getDialogFilters' });
    expect(filters.find((filter) => filter._ === 'dialogFilter')).toMatchObject({ includePeers: [{ _: 'inputPeerChannel' }] });
  });

  test('and all of the old one counts as read and seen, although nobody has read it', async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const phone = await bob.device();
    const group = await createGroup(alice, [bob, carol]);
    const { peer } = group;
    const poll = await sendPoll(bob.main, peer, pollOf({ publicVoters: true }));
    await vote(carol.main, peer, (await receives(carol, peer)).id, 0);
    await carol.main.change({ _: 'messages.sendReaction', peer, msgId: (await receives(carol, peer)).id, reaction: [{ _: 'reactionEmoji', emoticon: '👍' }] });
    await write(alice, group, 'Bob, come', { entities: [{ _: 'inputMessageEntityMentionName', offset: 0, length: 3, userId: alice.main.inputUser(bob.id) }] });
    const mention = await bob.sees('Bob, come');
    await expect.poll(() => dialogOf(bob.main, peer)).toMatchObject({ unreadMentionsCount: 1, unreadReactionsCount: 1, unreadPollVotesCount: 1 });
    await bob.main.goOffline();
    let id = 0;
    await verifyUpdates([alice, bob, carol], async () => {
      id = await migrate(alice, group);
      for (const device of [phone, carol.main]) await device.sees(MIGRATED_FROM);
      await expect.poll(() => dialogOf(phone, peer)).toMatchObject({ unreadCount: 0, unreadMentionsCount: 0, unreadReactionsCount: 0, unreadPollVotesCount: 0 });
      await bob.main.goOnline();
      await bob.main.catchUp();
    });
    for (const device of [phone, bob.main, carol.main]) expect(device.state.box.listUnread(-group.id)).toEqual([]);
    expect(await dialogOf(carol.main, peer)).toMatchObject({ unreadCount: 0, readInboxMaxId: (await carol.sees(MIGRATED_TO)).id });
    // What the creator wrote has not been read by anybody.
    expect((await dialogOf(alice.main, peer)).readOutboxMaxId).toBeLessThan((await alice.sees('Bob, come')).id);

    // Deleting goes on, for those who are in the supergroup, too.
    expect(await carol.main.fails({ _: 'messages.deleteMessages', id: [(await carol.sees('Bob, come')).id], revoke: true })).toMatchObject({ text: 'MESSAGE_DELETE_FORBIDDEN' });
    await verifyUpdates([alice, bob, carol], async () => {
      await bob.main.call({ _: 'messages.readHistory', peer, maxId: mention.id });
      await bob.main.call({ _: 'messages.deleteMessages', id: [poll.id], revoke: true });
      await carol.main.call({ _: 'messages.deleteMessages', id: [(await carol.sees(MIGRATED_TO)).id] });
      await alice.main.call({ _: 'messages.deleteMessages', id: [(await alice.sees('Bob, come')).id, (await alice.sees('action:messageActionChatCreate')).id], revoke: true });
      for (const actor of [bob, carol]) await actor.seesGone('Bob, come');
      await carol.main.call({ _: 'messages.deleteHistory', peer, maxId: 0 });
    });
    await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(id) });
    expect(await bob.main.fails({ _: 'messages.deleteMessages', id: [(await bob.sees(MIGRATED_TO)).id], revoke: true })).toMatchObject({ text: 'MESSAGE_DELETE_FORBIDDEN' });
  });

  test('only by its creator, and nothing can be changed in the old one', async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const group = await createGroup(alice, [bob]);
    await alice.meet(carol);
    await promote(alice, group, bob);
    await write(alice, group, 'mine');
    const mine = await alice.sees('mine');
    const { peer, id: chatId } = group;
    const named = async (actor: Actor, request: Parameters<Device['fails']>[0]): Promise<string> => (await actor.main.fails(request)).text;
    expect(await named(bob, { _: 'messages.migrateChat', chatId })).toBe('CHAT_ADMIN_REQUIRED');
    expect(await named(carol, { _: 'messages.migrateChat', chatId })).toBe('CHAT_ID_INVALID');
    expect(await named(alice, { _: 'messages.migrateChat', chatId: 999_999 })).toBe('CHAT_ID_INVALID');
    await migrate(alice, group);
    const userId = alice.main.inputUser(bob.id);
    const refused: Parameters<Device['fails']>[0][] = [
      { _: 'messages.sendMessage', peer, message: 'x', randomId: randomLong() },
      { _: 'messages.editMessage', peer, id: mine.id, message: 'y' },
      { _: 'messages.updatePinnedMessage', peer, id: mine.id },
      { _: 'messages.addChatUser', chatId, userId: alice.main.inputUser(carol.id), fwdLimit: 0 },
      { _: 'messages.deleteChatUser', chatId, userId },
      { _: 'messages.deleteChatUser', chatId, userId: { _: 'inputUserSelf' } },
      { _: 'messages.editChatTitle', chatId, title: 'x' },
      { _: 'messages.editChatAbout', peer, about: 'x' },
      { _: 'messages.setChatAvailableReactions', peer, availableReactions: { _: 'chatReactionsNone' } },
      { _: 'messages.editChatAdmin', chatId, userId, isAdmin: false },
      { _: 'messages.editChatDefaultBannedRights', peer, bannedRights: { _: 'chatBannedRights', untilDate: 0, sendPolls: true } },
      { _: 'messages.sendVote', peer, msgId: mine.id, options: [] },
      { _: 'messages.toggleTodoCompleted', peer, msgId: mine.id, completed: [1], incompleted: [] },
      { _: 'messages.appendTodoList', peer, msgId: mine.id, list: [] },
      { _: 'messages.setHistoryTTL', peer, period: 86_400 },
      { _: 'messages.toggleNoForwards', peer, enabled: true },
      { _: 'messages.deleteChat', chatId },
      { _: 'messages.getFutureChatCreatorAfterLeave', peer },
    ];
    for (const request of refused) expect([request._, await named(alice, request)]).toEqual([request._, 'CHAT_ID_INVALID']);
    expect(await named(bob, { _: 'messages.migrateChat', chatId })).toBe('CHAT_ID_INVALID');
  });

  test('and who joins later sees the name of the old one, but nothing else of it', async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const group = await createGroup(alice, [bob]);
    const id = await migrate(alice, group);
    await alice.meet(carol);
    await verifyUpdates([alice, bob, carol], async () => {
      await alice.main.invite({ _: 'channels.inviteToChannel', channel: alice.main.inputChannel(id), users: [alice.main.inputUser(carol.id)] });
      await knows(carol.main, id);
    });
    const channel = carol.main.inputChannel(id);
    const first = (): Promise<tl.messages.TypeMessages> => carol.main.call({ _: 'channels.getMessages', channel, id: [{ _: 'inputMessageID', id: 1 }] });
    expect(await first()).toMatchObject({ messages: [{ _: 'messageEmpty' }] });
    await alice.main.change({ _: 'channels.togglePreHistoryHidden', channel: alice.main.inputChannel(id), enabled: false });
    const { messages, chats } = (await first()) as tl.messages.RawChannelMessages;
    expect(messages).toMatchObject([{ action: { _: 'messageActionChannelMigrateFrom', chatId: group.id } }]);
    expect(chats).toContainEqual(expect.objectContaining({ _: 'chatForbidden', id: group.id, title: 'Climbing' }));
    const { fullChat } = await carol.main.call({ _: 'channels.getFullChannel', channel });
    expect((fullChat as tl.RawChannelFull).migratedFromChatId).toBeUndefined();
    expect(await carol.main.fails({ _: 'messages.getChats', id: [group.id] })).toMatchObject({ text: 'CHAT_ID_INVALID' });
  });
});
