import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChannel, inviteTo, knowsChannel, losesChannel, promoteIn } from './channel-stage.ts';
import { chatsIn, folderIn, folderOf, foldersOf, idsOf, inputsOf, joinFolder, listOf, look, makeFolder, shareFolder, slugOf } from './folder-stage.ts';
import { createGroup, people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const titleOf = (answer: tl.chatlists.TypeChatlistInvite): string | undefined => (answer._ === 'chatlists.chatlistInvite' ? answer.title.text : undefined);
const newsOf = async (viewer: Actor, id: number): Promise<number[]> => idsOf((await viewer.main.call({ _: 'chatlists.getChatlistUpdates', chatlist: listOf(id) })).missingPeers);
const textOf = async (actor: Actor, request: Parameters<Actor['main']['fails']>[0]): Promise<string> => (await actor.main.fails(request)).text;

/** Alice's folder 2 with a private group and a private channel of hers, and a link to both. */
async function stage(): Promise<{ alice: Actor; bob: Actor; group: number; channel: number; slug: string }> {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  const [group, channel] = [await createChannel(alice, 'megagroup', 'Climbing'), await createChannel(alice, 'broadcast', 'Routes')];
  await makeFolder(alice, 2, [group, channel]);
  return { alice, bob, group, channel, slug: await shareFolder(alice, 2, [group, channel]) };
}

describe('a shared folder', () => {
  test('is added by a link, with its chats, on all devices', async () => {
    const { alice, bob, group, channel, slug } = await stage();
    const tablet = await bob.device();
    // Whoever gets the link finds its home in the first byte.
    expect(Buffer.from(slug, 'base64url')[0]).toBe(2);
    await verifyUpdates([alice, bob], async () => {
      const offer = await look(bob, slug);
      expect(titleOf(offer)).toBe('Hobbies');
      expect(offer).toMatchObject({ chats: [{ _: 'channel', title: 'Climbing', left: true, participantsCount: 1 }, { _: 'channel', title: 'Routes', left: true }] });
      const folder = await joinFolder(bob, slug);
      expect(chatsIn(folder)).toEqual([group, channel]);
      expect(folder.title.text).toBe('Hobbies');
      expect(folder.hasMyInvites).toBeFalsy();
      for (const id of [group, channel]) for (const device of [bob.main, tablet]) await knowsChannel(device, id);
      const pushed = await tablet.seesUpdate('updateDialogFilter', (update) => update.id === folder.id);
      expect(pushed.filter).toMatchObject({ _: 'dialogFilterChatlist' });
      await alice.sees('action:messageActionChatJoinedByLink');
    });
    expect(await foldersOf(bob)).toMatchObject([{ _: 'dialogFilterChatlist', title: { text: 'Hobbies' } }]);
    expect(await foldersOf(alice)).toMatchObject([{ _: 'dialogFilterChatlist', id: 2, hasMyInvites: true }]);
    // A repeat changes nothing more.
    const again = await look(bob, slug);
    expect(again).toMatchObject({ _: 'chatlists.chatlistInviteAlready', missingPeers: [], alreadyPeers: [{ _: 'peerChannel' }, { _: 'peerChannel' }] });
    await verifyUpdates([alice, bob], async () => {
      expect(await joinFolder(bob, slug)).toMatchObject({ id: (await foldersOf(bob))[0]!.id });
    });
    expect(await foldersOf(bob)).toHaveLength(1);
  });

  test('offers what its author adds later, until it is taken or hidden', async () => {
    const { alice, bob, group, channel, slug } = await stage();
    const { id } = await joinFolder(bob, slug, [group]);
    // What was offered and not chosen is not offered again by itself, but by the link.
    expect(await newsOf(bob, id)).toEqual([]);
    expect(await look(bob, slug)).toMatchObject({ missingPeers: [{ channelId: -channel - 1_000_000_000_000 }] });

    const [third, fourth] = [await createChannel(alice, 'megagroup', 'Boulders'), await createChannel(alice, 'megagroup', 'Ropes')];
    const peers = [group, channel, third, fourth].map((one) => alice.main.inputPeer(one));
    const edited = await alice.main.call({ _: 'chatlists.editExportedInvite', chatlist: listOf(2), slug, title: 'for friends', peers });
    expect(edited).toMatchObject({ title: 'for friends' });
    // TDLib sends the whole link in place of its last part.
    expect(await alice.main.call({ _: 'chatlists.editExportedInvite', chatlist: listOf(2), slug: edited.url, title: 'for all' })).toEqual({ ...edited, title: 'for all' });
    expect(idsOf(edited.peers)).toEqual([group, channel, third, fourth]);
    expect(await newsOf(bob, id)).toEqual([third, fourth]);

    const offered = inputsOf(await bob.main.call({ _: 'chatlists.getChatlistUpdates', chatlist: listOf(id) }));
    const folder = await verifyUpdates([alice, bob], async () =>
      folderIn(await bob.main.change({ _: 'chatlists.joinChatlistUpdates', chatlist: listOf(id), peers: [offered.get(third)!] })),
    );
    expect(chatsIn(folder)).toEqual([group, third]);
    expect(await newsOf(bob, id)).toEqual([]);

    const fifth = await createChannel(alice, 'megagroup', 'Rings');
    await alice.main.call({ _: 'chatlists.editExportedInvite', chatlist: listOf(2), slug, peers: [...peers, alice.main.inputPeer(fifth)] });
    expect(await newsOf(bob, id)).toEqual([fifth]);
    expect(await bob.main.call({ _: 'chatlists.hideChatlistUpdates', chatlist: listOf(id) })).toBe(true);
    expect(await newsOf(bob, id)).toEqual([]);
    expect(await bob.main.call({ _: 'chatlists.hideChatlistUpdates', chatlist: listOf(id) })).toBe(true);
  });

  test('offers only what its author may still share', async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const [group, own] = [await createChannel(alice), await createChannel(bob)];
    await inviteTo(alice, group, [bob]);
    await promoteIn(alice, group, bob, { inviteUsers: true });
    await makeFolder(bob, 2, [group, own]);
    const slug = await shareFolder(bob, 2, [group, own]);
    const before = inputsOf(await look(carol, slug));
    expect([...before.keys()]).toEqual([group, own]);

    await promoteIn(alice, group, bob, {});
    expect([...inputsOf(await look(carol, slug)).keys()]).toEqual([own]);
    // An access hash from before does not help.
    expect(await textOf(carol, { _: 'chatlists.joinChatlistInvite', slug, peers: [before.get(group)!] })).toBe('FILTER_INCLUDE_EMPTY');
    expect(await textOf(carol, { _: 'channels.joinChannel', channel: { ...before.get(group)!, _: 'inputChannel' } })).toBe('CHANNEL_PRIVATE');
    const hash = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: { low: 0, high: 0 } as never };
    expect(await textOf(carol, { _: 'messages.getHistory', peer: before.get(own)!, ...hash })).toBe('CHANNEL_PRIVATE');
    // The author sees the chat in the link, and may keep it there.
    const { invites } = await bob.main.call({ _: 'chatlists.getExportedInvites', chatlist: listOf(2) });
    expect(invites.map((invite) => idsOf(invite.peers))).toEqual([[group, own]]);
    expect(await joinFolder(carol, slug)).toMatchObject({ includePeers: [{ channelId: -own - 1_000_000_000_000 }] });
  });

  test('shows nothing to people who were banned, and ends with the account of its author', async () => {
    const { alice, bob, group, channel, slug } = await stage();
    await joinFolder(bob, slug);
    for (const id of [group, channel]) await knowsChannel(bob.main, id);
    const known = bob.main.inputPeer(group);
    await alice.meet(bob);
    const bannedRights: tl.RawChatBannedRights = { _: 'chatBannedRights', viewMessages: true, untilDate: 0 };
    await alice.main.change({ _: 'channels.editBanned', channel: alice.main.inputChannel(group), participant: alice.main.inputPeer(bob.id), bannedRights });
    await losesChannel(bob.main, group);
    const offer = await look(bob, slug);
    expect(offer).toMatchObject({ missingPeers: [], alreadyPeers: [{ channelId: -channel - 1_000_000_000_000 }] });
    expect(offer.chats.map((chat) => 'title' in chat && chat.title)).toEqual(['Routes']);
    expect(await textOf(bob, { _: 'chatlists.joinChatlistInvite', slug, peers: [known] })).toBe('FILTER_INCLUDE_EMPTY');
    // Who renames the folder sends it back with the chat, which is left out.
    const [folder] = (await foldersOf(bob)) as [tl.RawDialogFilterChatlist];
    await bob.main.call({ _: 'messages.updateDialogFilter', id: folder.id, filter: { ...folder, title: { _: 'textWithEntities', text: 'Mine', entities: [] } } });
    const [renamed] = await foldersOf(bob);
    expect([renamed!.title.text, chatsIn(renamed!)]).toEqual(['Mine', [channel]]);

    await alice.main.call({ _: 'account.deleteAccount', reason: 'test' });
    expect(await textOf(bob, { _: 'chatlists.checkChatlistInvite', slug })).toBe('INVITE_SLUG_EXPIRED');
    expect(await newsOf(bob, folder.id)).toEqual([]);
    expect(await foldersOf(bob)).toHaveLength(1);
  });

  test('asks to be let in where admins decide', async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const asked = await createChannel(alice, 'megagroup', 'Asked');
    const channel = alice.main.inputChannel(asked);
    await alice.main.call({ _: 'channels.updateUsername', channel, username: 'asked_climbers' });
    await alice.main.change({ _: 'channels.toggleJoinRequest', channel, enabled: true });
    // Anybody may share a public group who is in it.
    await inviteTo(alice, asked, [bob]);
    const own = await createChannel(bob, 'megagroup', 'Own');
    const closed = await createChannel(bob, 'megagroup', 'Closed');
    await bob.main.change({ _: 'channels.toggleJoinRequest', channel: bob.main.inputChannel(closed), enabled: true });
    await makeFolder(bob, 2, [asked, own, closed]);
    const slug = await shareFolder(bob, 2, [asked, own, closed]);
    expect(chatsIn(await joinFolder(carol, slug))).toEqual([own]);
    const ofClosed = await bob.main.call({ _: 'channels.getFullChannel', channel: bob.main.inputChannel(closed) });
    expect(ofClosed.fullChat).toMatchObject({ requestsPending: 1, recentRequesters: [carol.id] });
    const { fullChat } = await alice.main.call({ _: 'channels.getFullChannel', channel });
    expect(fullChat).toMatchObject({ requestsPending: 1, recentRequesters: [carol.id] });
    const alone = await shareFolder(bob, 2, [asked], 'alone');
    const [peer] = [...inputsOf(await look(carol, alone)).values()];
    expect(await textOf(carol, { _: 'chatlists.joinChatlistInvite', slug: alone, peers: [peer!] })).toBe('INVITE_REQUEST_SENT');
  });

  test('is named in the log of each chat that is joined by it, without giving the link away', async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const group = await createChannel(alice);
    await inviteTo(alice, group, [bob]);
    await promoteIn(alice, group, bob, { inviteUsers: true });
    await makeFolder(bob, 2, [group]);
    const slug = await shareFolder(bob, 2, [group]);
    await joinFolder(carol, slug);
    for (const reader of [alice, bob]) {
      const zero = { low: 0, high: 0 } as never;
      const { events } = await reader.main.call({ _: 'channels.getAdminLog', channel: reader.main.inputChannel(group), q: '', maxId: zero, minId: zero, limit: 10 });
      const joined = events.find((event) => event.action._ === 'channelAdminLogEventActionParticipantJoinByInvite');
      expect(joined).toMatchObject({ userId: carol.id, action: { viaChatlist: true, invite: { adminId: bob.id } } });
      expect(JSON.stringify(events)).not.toContain(slug);
    }
  });

  test('can be left with its chats', async () => {
    const { alice, bob, group, channel, slug } = await stage();
    const { id } = await joinFolder(bob, slug);
    for (const one of [group, channel]) await knowsChannel(bob.main, one);
    const suggested = await bob.main.call({ _: 'chatlists.getLeaveChatlistSuggestions', chatlist: listOf(id) });
    expect(idsOf(suggested)).toEqual([group, channel]);
    const tablet = await bob.device();
    await verifyUpdates([alice, bob], async () => {
      const answer = await bob.main.change({ _: 'chatlists.leaveChatlist', chatlist: listOf(id), peers: [bob.main.inputPeer(group)] });
      expect(answer).toMatchObject({ updates: [{ _: 'updateDialogFilter', id }] });
      await losesChannel(bob.main, group);
      await tablet.seesUpdate('updateDialogFilter', (update) => update.id === id && update.filter === undefined);
    });
    expect(await foldersOf(bob)).toEqual([]);
    expect(bob.main.state.channels.find(channel)).toBeDefined();
    // The link leads to a new folder again.
    expect(titleOf(await look(bob, slug))).toBe('Hobbies');
    // Its author has nothing to leave, and ends the link with the folder.
    expect(await alice.main.call({ _: 'chatlists.getLeaveChatlistSuggestions', chatlist: listOf(2) })).toEqual([]);
    await alice.main.call({ _: 'messages.updateDialogFilter', id: 2 });
    expect(await textOf(bob, { _: 'chatlists.checkChatlistInvite', slug })).toBe('INVITE_SLUG_EXPIRED');
  });

  test('keeps its form, and has no rules', async () => {
    const { alice, group, channel, slug } = await stage();
    const tablet = await alice.device();
    const save = (filter: tl.TypeDialogFilter): Parameters<Actor['main']['fails']>[0] => ({ _: 'messages.updateDialogFilter', id: 2, filter });
    const includePeers = [alice.main.inputPeer(group)];
    const plain = folderOf(2, 'Sports', { includePeers });
    // As clients of old layers send it.
    await alice.main.call(save(plain));
    expect(await foldersOf(alice)).toMatchObject([{ _: 'dialogFilterChatlist', hasMyInvites: true, title: { text: 'Sports' } }]);
    expect(await textOf(alice, save({ ...plain, excludePeers: [alice.main.inputPeer(channel)] }))).toBe('CHATLIST_EXCLUDE_INVALID');
    expect(await textOf(alice, save({ ...plain, groups: true }))).toBe('FILTER_NOT_SUPPORTED');
    expect(await textOf(alice, save({ ...plain, excludeMuted: true }))).toBe('FILTER_NOT_SUPPORTED');
    const { title, pinnedPeers } = plain;
    const chatlist: tl.RawDialogFilterChatlist = { _: 'dialogFilterChatlist', id: 2, title, pinnedPeers, includePeers: [...includePeers, alice.main.inputPeer(channel)] };
    await alice.main.call(save(chatlist));
    expect(await foldersOf(alice)).toMatchObject([{ hasMyInvites: true, includePeers: [{}, {}] }]);
    expect(await textOf(alice, { _: 'messages.updateDialogFilter', id: 3, filter: { ...chatlist, id: 3 } })).toBe('FILTER_NOT_SUPPORTED');

    expect(await alice.main.call({ _: 'chatlists.deleteExportedInvite', chatlist: listOf(2), slug })).toBe(true);
    await tablet.seesUpdate('updateDialogFilter', (update) => update.filter?._ === 'dialogFilterChatlist' && update.filter.hasMyInvites !== true);
    // Without links it may have rules again.
    await alice.main.call(save({ ...plain, groups: true }));
    expect(await foldersOf(alice)).toMatchObject([{ _: 'dialogFilter', groups: true }]);
  });
});

describe('a link to a folder', () => {
  test('shares supergroups in place of basic groups', async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const { peer } = await createGroup(alice, [bob]);
    await alice.main.call({ _: 'messages.updateDialogFilter', id: 2, filter: folderOf(2, 'Groups', { includePeers: [peer] }) });
    const { filter, invite } = await verifyUpdates([alice, bob], () =>
      alice.main.call({ _: 'chatlists.exportChatlistInvite', chatlist: listOf(2), title: '', peers: [peer] }),
    );
    const [id] = idsOf(invite.peers) as [number];
    expect(chatsIn(filter as tl.RawDialogFilterChatlist)).toEqual([id]);
    await joinFolder(carol, slugOf(invite));
    await knowsChannel(carol.main, id);
  });

  test('that is refused leaves all basic groups as they are', { timeout: 120_000 }, async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    const own = await createGroup(alice, [bob]);
    const foreign = await createGroup(bob, [alice]);
    const channel = await createChannel(alice);
    await alice.main.call({ _: 'messages.updateDialogFilter', id: 2, filter: folderOf(2, 'Groups', { includePeers: [own.peer, foreign.peer, alice.main.inputPeer(channel)] }) });
    const share = (title: string, peers: tl.TypeInputPeer[]) => textOf(alice, { _: 'chatlists.exportChatlistInvite', chatlist: listOf(2), title, peers });
    const isGroupStill = async () => {
      const { chats } = await alice.main.call({ _: 'messages.getChats', id: [own.id] });
      expect(chats).toMatchObject([{ _: 'chat', migratedTo: undefined }]);
    };
    expect(await share('', [own.peer, foreign.peer])).toBe('CHAT_ADMIN_REQUIRED');
    await isGroupStill();
    for (let n = 0; n < 20; n++) await shareFolder(alice, 2, [channel], `link ${n}`);
    expect(await share('one more', [own.peer])).toBe('INVITES_TOO_MUCH');
    await isGroupStill();
    const peers = [alice.main.inputPeer(channel), own.peer, foreign.peer];
    expect((await alice.main.fails({ _: 'chatlists.editExportedInvite', chatlist: listOf(2), slug: await shareFolder(alice, 2, [channel], 'link 0'), peers })).text).toBe('CHAT_ADMIN_REQUIRED');
    await isGroupStill();
  });

  test('is made once when the call is repeated, and there is a limit', { timeout: 120_000 }, async () => {
    const { alice, group, channel, slug } = await stage();
    expect(await shareFolder(alice, 2, [group, channel])).toBe(slug);
    const titles = Array.from({ length: 19 }, (_, n) => `link ${n}`);
    for (const title of titles) await shareFolder(alice, 2, [group], title);
    const peers = [alice.main.inputPeer(group)];
    expect(await textOf(alice, { _: 'chatlists.exportChatlistInvite', chatlist: listOf(2), title: 'one more', peers })).toBe('INVITES_TOO_MUCH');
    const { invites, chats } = await alice.main.call({ _: 'chatlists.getExportedInvites', chatlist: listOf(2) });
    expect(new Set(invites.map((invite) => invite.title))).toEqual(new Set(['', ...titles]));
    expect(chats).toHaveLength(2);
  });

  test('is refused for what cannot be shared', async () => {
    const { alice, bob, group, channel, slug } = await stage();
    const open = await createChannel(bob);
    await inviteTo(alice, group, [bob]);
    const share = (id: number, peers: tl.TypeInputPeer[]): Parameters<Actor['main']['fails']>[0] => ({ _: 'chatlists.exportChatlistInvite', chatlist: listOf(id), title: '', peers });
    const mine = alice.main.inputPeer(group);
    await alice.main.call({ _: 'messages.updateDialogFilter', id: 3, filter: folderOf(3, 'All groups', { groups: true, includePeers: [mine] }) });
    await makeFolder(bob, 2, [group, open]);
    const cases: [string, Actor, Parameters<Actor['main']['fails']>[0]][] = [
      ['FILTER_ID_INVALID', alice, share(9, [mine])],
      ['FILTER_NOT_SUPPORTED', alice, share(3, [mine])],
      ['PEERS_LIST_EMPTY', alice, share(2, [])],
      ['PEER_ID_INVALID', alice, share(2, [{ _: 'inputPeerSelf' }])],
      ['CHAT_ADMIN_REQUIRED', bob, share(2, [bob.main.inputPeer(group)])],
      ['CHANNEL_INVALID', bob, share(2, [{ _: 'inputPeerChannel', channelId: 5, accessHash: { low: 1, high: 1 } as never }])],
      ['INVITE_SLUG_EMPTY', bob, { _: 'chatlists.checkChatlistInvite', slug: '' }],
      ['INVITE_SLUG_EXPIRED', bob, { _: 'chatlists.checkChatlistInvite', slug: 'AAAAAAAAAAAAAAAAAAAAAA' }],
      ['INVITE_SLUG_EXPIRED', bob, { _: 'chatlists.checkChatlistInvite', slug: 'x'.repeat(129) }],
      ['INVITE_SLUG_EXPIRED', bob, { _: 'chatlists.checkChatlistInvite', slug: 'a\0' }],
      ['INVITE_SLUG_EXPIRED', alice, { _: 'chatlists.deleteExportedInvite', chatlist: listOf(2), slug: 'a\0' }],
      ['INVITE_SLUG_EMPTY', bob, { _: 'chatlists.joinChatlistInvite', slug: '', peers: [] }],
      ['FILTER_INCLUDE_EMPTY', bob, { _: 'chatlists.joinChatlistInvite', slug, peers: [] }],
      ['FILTER_INCLUDE_EMPTY', bob, { _: 'chatlists.joinChatlistInvite', slug, peers: [bob.main.inputPeer(open)] }],
      ['CHANNEL_INVALID', bob, { _: 'chatlists.joinChatlistInvite', slug, peers: [{ _: 'inputPeerChannel', channelId: -channel - 1_000_000_000_000, accessHash: { low: 1, high: 1 } as never }] }],
      ['FILTER_ID_INVALID', alice, { _: 'chatlists.getExportedInvites', chatlist: listOf(9) }],
      ['FILTER_ID_INVALID', alice, { _: 'chatlists.editExportedInvite', chatlist: listOf(9), slug, title: '' }],
      ['FILTER_NOT_SUPPORTED', alice, { _: 'chatlists.editExportedInvite', chatlist: listOf(3), slug, title: '' }],
      ['INVITE_SLUG_EXPIRED', alice, { _: 'chatlists.editExportedInvite', chatlist: listOf(2), slug: 'nothing', title: '' }],
      ['FILTER_ID_INVALID', bob, { _: 'chatlists.deleteExportedInvite', chatlist: listOf(9), slug }],
      ['FILTER_NOT_SUPPORTED', bob, { _: 'chatlists.deleteExportedInvite', chatlist: listOf(2), slug }],
      ['INVITE_SLUG_EXPIRED', alice, { _: 'chatlists.deleteExportedInvite', chatlist: listOf(2), slug: 'nothing' }],
      ['FILTER_ID_INVALID', alice, { _: 'chatlists.getChatlistUpdates', chatlist: listOf(9) }],
      ['FILTER_NOT_SUPPORTED', alice, { _: 'chatlists.getChatlistUpdates', chatlist: listOf(3) }],
      ['FILTER_ID_INVALID', alice, { _: 'chatlists.hideChatlistUpdates', chatlist: listOf(9) }],
      ['FILTER_ID_INVALID', alice, { _: 'chatlists.joinChatlistUpdates', chatlist: listOf(9), peers: [] }],
      ['FILTER_INCLUDE_EMPTY', alice, { _: 'chatlists.joinChatlistUpdates', chatlist: listOf(2), peers: [] }],
      ['FILTER_NOT_SUPPORTED', alice, { _: 'chatlists.getLeaveChatlistSuggestions', chatlist: listOf(3) }],
      ['FILTER_ID_INVALID', alice, { _: 'chatlists.leaveChatlist', chatlist: listOf(9), peers: [] }],
      ['FILTER_NOT_SUPPORTED', alice, { _: 'chatlists.leaveChatlist', chatlist: listOf(3), peers: [] }],
    ];
    for (const [error, actor, request] of cases) expect([await textOf(actor, request), request]).toEqual([error, request]);
    for (let id = 3; id < 12; id++) await bob.main.call({ _: 'messages.updateDialogFilter', id, filter: folderOf(id, `F${id}`, { groups: true }) });
    expect(await textOf(bob, { _: 'chatlists.joinChatlistInvite', slug, peers: [...inputsOf(await look(bob, slug)).values()] })).toBe('CHATLISTS_TOO_MUCH');
    expect(bob.main.state.channels.find(channel)).toBeUndefined();
  });
});
