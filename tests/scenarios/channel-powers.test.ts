import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, knowsChannel, losesChannel, postIn, promoteIn } from './channel-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const banCall = (actor: Actor, id: number, member: Actor, rights: Partial<tl.RawChatBannedRights>): tl.channels.RawEditBannedRequest => ({
  _: 'channels.editBanned', channel: actor.main.inputChannel(id), participant: actor.main.inputPeer(member.id), bannedRights: { _: 'chatBannedRights', untilDate: 0, ...rights },
});
const adminCall = (actor: Actor, id: number, member: Actor, rights: Partial<tl.RawChatAdminRights>): tl.channels.RawEditAdminRequest => ({
  _: 'channels.editAdmin', channel: actor.main.inputChannel(id), userId: actor.main.inputUser(member.id), adminRights: { _: 'chatAdminRights', ...rights }, rank: '',
});
const deleteCall = (actor: Actor, id: number, msg: number): tl.channels.RawDeleteMessagesRequest => ({ _: 'channels.deleteMessages', channel: actor.main.inputChannel(id), id: [msg] });
const sendCall = (actor: Actor, id: number): tl.messages.RawSendMessageRequest => ({ _: 'messages.sendMessage', peer: actor.main.inputPeer(id), message: 'x', randomId: randomLong() });

describe('a restriction', () => {
  test('stays when a friend brings the muted member back, and ends when an admin who may restrict does', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await bob.meet(carol);
    for (const [one, other] of [[bob, carol], [carol, bob], [alice, carol], [carol, alice]] as const) {
      await one.main.call({ _: 'contacts.addContact', id: one.main.inputUser(other.id), firstName: 'A', lastName: 'Friend', phone: '' });
    }
    await alice.main.change(banCall(alice, id, carol, { sendMessages: true, sendPlain: true }));
    const comeBackBy = async (inviter: Actor): Promise<void> => {
      await carol.main.change({ _: 'channels.leaveChannel', channel: carol.main.inputChannel(id) });
      await losesChannel(carol.main, id);
      await inviter.main.invite({ _: 'channels.inviteToChannel', channel: inviter.main.inputChannel(id), users: [inviter.main.inputUser(carol.id)] });
      await knowsChannel(carol.main, id);
    };
    await comeBackBy(bob);
    expect(await carol.main.fails(sendCall(carol, id))).toEqual({ code: 400, text: 'USER_BANNED_IN_CHANNEL' });
    await comeBackBy(alice);
    await verifyUpdates([alice, bob, carol], async () => {
      await postIn(carol, id, 'free again');
    });
  });

  test('is not lifted by admins who may add admins, but not restrict members', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await promoteIn(alice, id, bob, { addAdmins: true, pinMessages: true });
    await bob.meet(carol);
    await alice.main.change(banCall(alice, id, carol, { sendPlain: true }));
    expect(await bob.main.fails(adminCall(bob, id, carol, { pinMessages: true }))).toEqual({ code: 400, text: 'CHAT_ADMIN_REQUIRED' });
    expect((await carol.main.fails(sendCall(carol, id))).text).toBe('CHAT_SEND_PLAIN_FORBIDDEN');
    await promoteIn(alice, id, bob, { addAdmins: true, pinMessages: true, banUsers: true });
    await promoteIn(bob, id, carol, { pinMessages: true });
    await postIn(carol, id, 'an admin now');
  });
});

describe('admins', () => {
  test('cannot lock out an owner who is away', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    await promoteIn(alice, id, bob, { banUsers: true });
    await bob.meet(alice);
    const channel = alice.main.inputChannel(id);
    await alice.main.change({ _: 'channels.leaveChannel', channel });
    await losesChannel(alice.main, id);
    for (const rights of [{ viewMessages: true }, { sendMessages: true }, {}]) {
      expect(await bob.main.fails(banCall(bob, id, alice, rights))).toEqual({ code: 400, text: 'USER_ADMIN_INVALID' });
    }
    await alice.main.change({ _: 'channels.joinChannel', channel });
    await knowsChannel(alice.main, id);
    await alice.main.change({ _: 'channels.editTitle', channel, title: 'Still mine' });
  });

  test('lose power over an admin whom somebody else has raised', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await promoteIn(alice, id, bob, { addAdmins: true, banUsers: true });
    await bob.meet(carol);
    await promoteIn(bob, id, carol, { banUsers: true });
    await promoteIn(alice, id, carol, { banUsers: true, deleteMessages: true });
    expect(await bob.main.fails(banCall(bob, id, carol, { viewMessages: true }))).toEqual({ code: 400, text: 'USER_ADMIN_INVALID' });
    expect(await bob.main.fails(adminCall(bob, id, carol, {}))).toEqual({ code: 400, text: 'CHAT_ADMIN_REQUIRED' });
  });

  test('lose power over admins whom they gave a right that they have no more', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await promoteIn(alice, id, bob, { addAdmins: true, banUsers: true, deleteMessages: true });
    await bob.meet(carol);
    await promoteIn(bob, id, carol, { deleteMessages: true });
    await promoteIn(alice, id, bob, { addAdmins: true, banUsers: true });
    expect(await bob.main.fails(adminCall(bob, id, carol, {}))).toEqual({ code: 400, text: 'CHAT_ADMIN_REQUIRED' });
    expect(await bob.main.fails(banCall(bob, id, carol, { sendMessages: true }))).toEqual({ code: 400, text: 'USER_ADMIN_INVALID' });
    await promoteIn(alice, id, bob, { addAdmins: true, banUsers: true, deleteMessages: true });
    await promoteIn(bob, id, carol, {});
  });
});

describe('a dismissed admin', () => {
  test('cannot delete the posts of a broadcast channel', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario, 'broadcast');
    await promoteIn(alice, id, bob, { postMessages: true });
    const [first, second] = [await postIn(bob, id, 'first'), await postIn(bob, id, 'second')];
    await bob.main.change(deleteCall(bob, id, first));
    await promoteIn(alice, id, bob, { inviteUsers: true });
    expect(await bob.main.fails(deleteCall(bob, id, second))).toEqual({ code: 403, text: 'MESSAGE_DELETE_FORBIDDEN' });
    await promoteIn(alice, id, bob, {});
    expect(await bob.main.fails(deleteCall(bob, id, second))).toEqual({ code: 403, text: 'MESSAGE_DELETE_FORBIDDEN' });
    await carol.sees('second');
  });

  test('can neither delete nor edit what was written in the name of the group', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await promoteIn(alice, id, bob, { anonymous: true });
    const said = await postIn(bob, id, 'the group says');
    await promoteIn(alice, id, bob, {});
    const edit: tl.messages.RawEditMessageRequest = { _: 'messages.editMessage', peer: bob.main.inputPeer(id), id: said, message: 'nonsense' };
    expect(await bob.main.fails(edit)).toEqual({ code: 403, text: 'MESSAGE_AUTHOR_REQUIRED' });
    expect(await bob.main.fails(deleteCall(bob, id, said))).toEqual({ code: 403, text: 'MESSAGE_DELETE_FORBIDDEN' });
    const own = await postIn(bob, id, 'I say');
    await verifyUpdates([alice, bob, carol], async () => {
      await bob.main.change({ ...edit, id: own });
      await bob.main.change(deleteCall(bob, id, own));
    });
  });
});
