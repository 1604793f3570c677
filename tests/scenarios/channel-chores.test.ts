import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createShiftedClock, verifyUpdates, type Actor, type Device } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { channelStage, postIn, promoteIn } from './channel-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

async function dialogOf(device: Device, id: number): Promise<tl.RawDialog> {
  const { dialogs } = await device.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: device.inputPeer(id) }] });
  return dialogs[0] as tl.RawDialog;
}

async function draftIn(device: Device, id: number, message: string, more: Partial<tl.messages.RawSaveDraftRequest> = {}): Promise<void> {
  await device.change({ _: 'messages.saveDraft', peer: device.inputPeer(id), message, ...more });
}

describe.each(['megagroup', 'broadcast'] as const)('the dialog with a %s', (kind) => {
  test('has a draft with a reply on all devices, until its text is sent', async () => {
    const { id, alice } = await channelStage(scenario, kind);
    const tablet = await alice.device();
    const msgId = await postIn(alice, id, 'to answer');
    await verifyUpdates([alice], async () => {
      const replyTo: tl.TypeInputReplyTo = { _: 'inputReplyToMessage', replyToMsgId: msgId, quoteText: 'answer' };
      await draftIn(alice.main, id, 'half of an', { replyTo, entities: [{ _: 'messageEntityBold', offset: 0, length: 4 }] });
      await tablet.seesUpdate('updateDraftMessage', (update) => update.draft._ === 'draftMessage' && update.draft.message === 'half of an');
      expect((await dialogOf(tablet, id)).draft).toMatchObject({ message: 'half of an', replyTo: { replyToMsgId: msgId, quoteText: 'answer' } });
      const peer = alice.main.inputPeer(id);
      await alice.main.change({ _: 'messages.sendMessage', peer, message: 'half of an answer', randomId: randomLong(), replyTo, clearDraft: true });
      await tablet.seesUpdate('updateDraftMessage', (update) => update.draft._ === 'draftMessageEmpty');
      expect((await dialogOf(tablet, id)).draft).toBeUndefined();
    });
  });

  test('is archived, pinned, marked as unread and muted, on all devices', async () => {
    const { id, bob } = await channelStage(scenario, kind);
    const tablet = await bob.device();
    const peer = bob.main.inputPeer(id);
    const dialogPeer: tl.TypeInputDialogPeer = { _: 'inputDialogPeer', peer };
    await verifyUpdates([bob], async () => {
      await bob.main.change({ _: 'messages.toggleDialogPin', pinned: true, peer: dialogPeer });
      await tablet.seesUpdate('updateDialogPinned');
      await bob.main.change({ _: 'messages.markDialogUnread', unread: true, peer: dialogPeer });
      await tablet.seesUpdate('updateDialogUnreadMark');
      await bob.main.change({ _: 'account.updateNotifySettings', peer: { _: 'inputNotifyPeer', peer }, settings: { _: 'inputPeerNotifySettings', muteUntil: 2_000_000_000 } });
      await tablet.seesUpdate('updateNotifySettings');
      expect(await dialogOf(tablet, id)).toMatchObject({ pinned: true, unreadMark: true, notifySettings: { muteUntil: 2_000_000_000 } });
    });
    await verifyUpdates([bob], async () => {
      await bob.main.change({ _: 'folders.editPeerFolders', folderPeers: [{ _: 'inputFolderPeer', peer, folderId: 1 }] });
      await tablet.seesUpdate('updateFolderPeers');
      expect(await dialogOf(tablet, id)).toMatchObject({ folderId: 1 });
      const filter: tl.TypeDialogFilter = {
        _: 'dialogFilter', id: 2, title: { _: 'textWithEntities', text: 'Hobby', entities: [] }, pinnedPeers: [], includePeers: [peer], excludePeers: [],
      };
      await bob.main.change({ _: 'messages.updateDialogFilter', id: 2, filter });
      await tablet.seesUpdate('updateDialogFilter');
    });
  });

  test('has messages to report, whose delivery is confirmed, and no history of the caller’s own', async () => {
    const { id, alice, bob } = await channelStage(scenario, kind);
    const msgId = await postIn(alice, id, 'rude words');
    const peer = bob.main.inputPeer(id);
    const option = new TextEncoder().encode('spam');
    expect(await bob.main.call({ _: 'messages.report', peer, id: [msgId], option: new Uint8Array(), message: '' })).toMatchObject({ _: 'reportResultChooseOption' });
    expect(await bob.main.call({ _: 'messages.report', peer, id: [msgId], option, message: '' })).toMatchObject({ _: 'reportResultReported' });
    expect(await bob.main.fails({ _: 'messages.report', peer, id: [999], option, message: '' })).toMatchObject({ text: 'MESSAGE_ID_INVALID' });
    expect(await bob.main.call({ _: 'messages.reportMessagesDelivery', peer, id: [msgId] })).toBe(true);
    expect(await bob.main.fails({ _: 'messages.reportMessagesDelivery', peer, id: [999] })).toMatchObject({ text: 'MESSAGE_ID_INVALID' });
    expect(await bob.main.fails({ _: 'messages.readHistory', peer, maxId: 0 })).toMatchObject({ text: 'PEER_ID_INVALID' });
    await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(id) });
    const calls: tl.RpcMethod[] = [
      { _: 'messages.report', peer, id: [msgId], option, message: '' },
      { _: 'messages.reportMessagesDelivery', peer, id: [msgId] },
      { _: 'messages.getMessageEditData', peer, id: msgId },
      { _: 'messages.readHistory', peer, maxId: 0 },
      { _: 'messages.saveDraft', peer, message: 'x' },
    ];
    for (const call of calls) expect(await bob.main.fails(call)).toMatchObject({ text: 'CHANNEL_PRIVATE' });
  });
});

describe('editing', () => {
  const edit = (actor: Actor, id: number, msgId: number, message: string): Promise<unknown> =>
    actor.main.change({ _: 'messages.editMessage', peer: actor.main.inputPeer(id), id: msgId, message });
  const refused = (actor: Actor, id: number, msgId: number): Promise<{ text: string }> =>
    actor.main.fails({ _: 'messages.getMessageEditData', peer: actor.main.inputPeer(id), id: msgId });

  test('of one’s own messages in a supergroup is over after two days, except for admins who may pin', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    const [own, pinner] = [await postIn(bob, id, 'from Bob'), await postIn(carol, id, 'from Carol')];
    await alice.main.change({
      _: 'messages.editChatDefaultBannedRights', peer: alice.main.inputPeer(id), bannedRights: { _: 'chatBannedRights', pinMessages: true, untilDate: 0 },
    });
    await promoteIn(alice, id, carol, { pinMessages: true });
    expect(await bob.main.call({ _: 'messages.getMessageEditData', peer: bob.main.inputPeer(id), id: own })).toMatchObject({ caption: false });
    expect(await refused(bob, id, pinner)).toMatchObject({ text: 'MESSAGE_AUTHOR_REQUIRED' });
    expect(await refused(bob, id, 1)).toMatchObject({ text: 'MESSAGE_ID_INVALID' });
    clock.shift((2 * 86_400 + 60) * 1000);
    expect(await refused(bob, id, own)).toMatchObject({ text: 'MESSAGE_EDIT_TIME_EXPIRED' });
    expect(await bob.main.fails({ _: 'messages.editMessage', peer: bob.main.inputPeer(id), id: own, message: 'late' })).toMatchObject({ text: 'MESSAGE_EDIT_TIME_EXPIRED' });
    await verifyUpdates([alice, bob, carol], async () => {
      await edit(carol, id, pinner, 'late, from Carol');
      await bob.sees('late, from Carol');
    });
  });

  test('of all posts of a channel has no end for those who have that right', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario, 'broadcast');
    await promoteIn(alice, id, bob, { postMessages: true });
    await promoteIn(alice, id, carol, { editMessages: true });
    const post = await postIn(bob, id, 'news');
    expect(await refused(carol, id, 999)).toMatchObject({ text: 'MESSAGE_ID_INVALID' });
    clock.shift((2 * 86_400 + 60) * 1000);
    expect(await refused(bob, id, post)).toMatchObject({ text: 'MESSAGE_EDIT_TIME_EXPIRED' });
    await verifyUpdates([alice, bob, carol], async () => {
      await edit(carol, id, post, 'old news');
      await bob.sees('old news');
    });
  });
});

test('typing shows the author that posts would show, in the thread, and nobody who may not write', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  const topMsgId = await postIn(alice, id, 'a thread');
  const type = (actor: Actor, more: Partial<tl.messages.RawSetTypingRequest> = {}): Promise<boolean> =>
    actor.main.call({ _: 'messages.setTyping', peer: actor.main.inputPeer(id), action: { _: 'sendMessageTypingAction' }, ...more });
  await type(bob, { topMsgId });
  expect(await carol.main.seesUpdate('updateChannelUserTyping')).toMatchObject({ topMsgId, fromId: { _: 'peerUser', userId: bob.id } });
  const bannedRights: tl.TypeChatBannedRights = { _: 'chatBannedRights', sendMessages: true, sendPlain: true, untilDate: 0 };
  await alice.main.change({ _: 'channels.editBanned', channel: alice.main.inputChannel(id), participant: alice.main.inputPeer(bob.id), bannedRights });
  await promoteIn(alice, id, alice, { anonymous: true });
  await type(bob, { topMsgId: 998 });
  await type(alice, { topMsgId: 999 });
  const update = await carol.main.seesUpdate('updateChannelUserTyping', ({ fromId }) => fromId._ === 'peerChannel');
  expect(update.topMsgId).toBeUndefined();
  const shown = carol.main.events.filter((event) => event._ === 'updateChannelUserTyping' && event.fromId._ === 'peerUser');
  expect(shown).toHaveLength(1);
});
