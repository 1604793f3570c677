import { Long, type tl } from '@mtcute/node';
import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startScenario, type Scenario } from './scenario.ts';

const CHAT_ID = 42;
const NO_PEER: tl.TypeInputPeer = { _: 'inputPeerEmpty' };
const group: tl.TypeInputPeer = { _: 'inputPeerChat', chatId: CHAT_ID };
const groupPeer = { _: 'peerChat', chatId: CHAT_ID } as const;
const groupChat = { _: 'chat', id: CHAT_ID, title: 'Climbing' } as const;

let scenario: Scenario;
let alice: Actor;
let stranger: Actor;

/** Turns the chat of Alice with Bob into one with a basic group, whose members they are. */
async function makeGroup(bob: Actor): Promise<void> {
  const client = new pg.Client({ connectionString: scenario.server.databaseUrl });
  await client.connect();
  try {
    await client.query(`INSERT INTO chats (chat_id, title, creator_id, date, version, members) VALUES ($1, 'Climbing', $2, 1, 1, 2)`, [CHAT_ID, alice.id]);
    await client.query(
      `INSERT INTO chat_members (chat_id, user_id, status, role, inviter_id, date) VALUES ($1, $2, 'member', 'creator', $2, 1), ($1, $3, 'member', 'member', $2, 1)`,
      [CHAT_ID, alice.id, bob.id],
    );
    for (const table of ['messages', 'dialogs']) {
      await client.query(`UPDATE ${table} SET peer_id = $1 WHERE owner_id = $2 AND peer_id = $3`, [-CHAT_ID, alice.id, bob.id]);
    }
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  scenario = await startScenario();
  alice = await scenario.world.user('Alice');
  stranger = await scenario.world.user('Stranger');
  const bob = await scenario.world.user('Bob');
  await alice.meet(bob);
  await verifyUpdates([alice, bob], async () => {
    await alice.send(bob, 'see you at the wall');
    await bob.sees('see you at the wall');
  });
  await makeGroup(bob);
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

test('a basic group is in the chat list and has a history, and travels along wherever it is named', async () => {
  const list = await alice.main.call({ _: 'messages.getDialogs', offsetDate: 0, offsetId: 0, offsetPeer: NO_PEER, limit: 10, hash: Long.ZERO });
  expect(list).toMatchObject({ dialogs: [{ peer: groupPeer }], chats: [{ ...groupChat, creator: true }] });
  const history = await alice.main.call({ _: 'messages.getHistory', peer: group, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO });
  expect(history).toMatchObject({ messages: [{ message: 'see you at the wall', peerId: groupPeer }], chats: [groupChat], users: [{ id: alice.id }] });
  expect(await alice.main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: group }] })).toMatchObject({ dialogs: [{ peer: groupPeer }], chats: [groupChat] });
});

test('a basic group can be pinned, marked, drafted to, archived and put into a folder, and every device learns it', async () => {
  const tablet = await alice.device();
  const dialogPeer = { _: 'inputDialogPeer', peer: group } as const;
  await alice.main.call({ _: 'messages.toggleDialogPin', pinned: true, peer: dialogPeer });
  expect((await tablet.seesUpdate('updateDialogPinned')).peer).toMatchObject({ peer: groupPeer });
  await alice.main.call({ _: 'messages.markDialogUnread', unread: true, peer: dialogPeer });
  expect((await tablet.seesUpdate('updateDialogUnreadMark')).peer).toMatchObject({ peer: groupPeer });
  await alice.main.call({ _: 'messages.saveDraft', peer: group, message: 'on my way' });
  expect((await tablet.seesUpdate('updateDraftMessage')).peer).toEqual(groupPeer);
  expect(await alice.main.call({ _: 'messages.getAllDrafts' })).toMatchObject({ updates: [{ peer: groupPeer }], chats: [groupChat] });

  const title: tl.TypeTextWithEntities = { _: 'textWithEntities', text: 'Sport', entities: [] };
  const filter: tl.TypeDialogFilter = { _: 'dialogFilter', id: 5, title, pinnedPeers: [], includePeers: [group], excludePeers: [] };
  await alice.main.call({ _: 'messages.updateDialogFilter', id: 5, filter });
  expect((await tablet.seesUpdate('updateDialogFilter')).filter).toMatchObject({ includePeers: [group] });
  const moved = await alice.main.call({ _: 'folders.editPeerFolders', folderPeers: [{ _: 'inputFolderPeer', peer: group, folderId: 1 }] });
  expect(moved).toMatchObject({ updates: [{ folderPeers: [{ peer: groupPeer, folderId: 1 }] }], chats: [groupChat] });
  expect((await tablet.seesUpdate('updateFolderPeers')).folderPeers).toMatchObject([{ peer: groupPeer }]);
});

test('a basic group has notification settings of its own, which differ from those of groups', async () => {
  const peer = { _: 'inputNotifyPeer', peer: group } as const;
  await alice.main.call({ _: 'account.updateNotifySettings', peer, settings: { _: 'inputPeerNotifySettings', silent: true } });
  expect(await alice.main.call({ _: 'account.getNotifySettings', peer })).toMatchObject({ silent: true });
  const exceptions = (scope: tl.TypeInputNotifyPeer) => alice.main.call({ _: 'account.getNotifyExceptions', peer: scope });
  expect(await exceptions({ _: 'inputNotifyChats' })).toMatchObject({ updates: [{ peer: { peer: groupPeer } }], chats: [groupChat] });
  expect(await exceptions({ _: 'inputNotifyBroadcasts' })).toMatchObject({ updates: [], chats: [] });
  expect(await exceptions({ _: 'inputNotifyUsers' })).toMatchObject({ updates: [], chats: [] });
});

test('the groups that one writes to most are rated, until the rating is reset', async () => {
  const rated = () => alice.main.call({ _: 'contacts.getTopPeers', groups: true, channels: true, offset: 0, limit: 10, hash: Long.ZERO });
  expect(await rated()).toMatchObject({ categories: [{ category: { _: 'topPeerCategoryGroups' }, count: 1, peers: [{ peer: groupPeer }] }], chats: [groupChat] });
  await alice.main.call({ _: 'contacts.resetTopPeerRating', category: { _: 'topPeerCategoryGroups' }, peer: group });
  expect(await rated()).toMatchObject({ categories: [], chats: [] });
});

test('a basic group can be reported, and has no bar', async () => {
  expect(await alice.main.call({ _: 'account.reportPeer', peer: group, reason: { _: 'inputReportReasonSpam' }, message: '' })).toBe(true);
  const history = await alice.main.call({ _: 'messages.getHistory', peer: group, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO });
  const id = 'messages' in history ? history.messages.map((message) => message.id) : [];
  expect(await alice.main.call({ _: 'messages.report', peer: group, id, option: Buffer.from('spam'), message: '' })).toEqual({ _: 'reportResultReported' });
  expect(await alice.main.call({ _: 'messages.getPeerSettings', peer: group })).toMatchObject({ settings: { reportSpam: false }, chats: [groupChat] });
});

test('a basic group is nothing to those who never were in it', async () => {
  const refused = { code: 400, text: 'CHAT_ID_INVALID' };
  const dialogPeer = { _: 'inputDialogPeer', peer: group } as const;
  const calls: tl.RpcMethod[] = [
    { _: 'messages.getPeerDialogs', peers: [dialogPeer] },
    { _: 'messages.toggleDialogPin', pinned: true, peer: dialogPeer },
    { _: 'messages.saveDraft', peer: group, message: 'x' },
    { _: 'messages.getHistory', peer: group, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO },
    { _: 'account.updateNotifySettings', peer: { _: 'inputNotifyPeer', peer: group }, settings: { _: 'inputPeerNotifySettings', silent: true } },
    { _: 'folders.editPeerFolders', folderPeers: [{ _: 'inputFolderPeer', peer: group, folderId: 1 }] },
    { _: 'account.reportPeer', peer: group, reason: { _: 'inputReportReasonSpam' }, message: '' },
  ];
  for (const call of calls) expect(await stranger.main.fails(call), call._).toEqual(refused);
  // Nothing of it is told to a stranger who only uses the number to look into their own saved messages.
  const saved = await stranger.main.call({ _: 'messages.getSavedHistory', peer: group, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO });
  expect(saved).toMatchObject({ messages: [], chats: [] });
  expect(await alice.main.fails({ _: 'contacts.block', id: group })).toEqual({ code: 400, text: 'PEER_ID_INVALID' });
});
