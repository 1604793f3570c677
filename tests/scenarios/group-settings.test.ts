import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, createShiftedClock, type Device, verifyUpdates } from '@aerogram/dev-env';
import { createGroup, type Group, people, write } from './group-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

const DAY_S = 86_400;
const HOUR_S = 3600;
const SERVICE = 777000;

const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** The lifetime of new messages as the full view and the list of dialogs show it. */
async function findTtl(device: Device, { id, peer }: Group): Promise<[number | undefined, number | undefined]> {
  const { fullChat } = await device.call({ _: 'messages.getFullChat', chatId: id });
  const { dialogs } = await device.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer }] });
  return [fullChat.ttlPeriod, (dialogs[0] as tl.RawDialog).ttlPeriod];
}

/** Forbids all members what these rights name. */
async function forbid(actor: Actor, { peer }: Group, rights: Partial<tl.RawChatBannedRights>): Promise<void> {
  await actor.main.change({ _: 'messages.editChatDefaultBannedRights', peer, bannedRights: { _: 'chatBannedRights', untilDate: 0, ...rights } });
}

describe('the lifetime of messages in a basic group', () => {
  test('is set for all members by those who may change the group, and messages expire for everyone', async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const tablet = await bob.device();
    const group = await createGroup(alice, [bob, carol]);
    await verifyUpdates([alice, bob, carol], async () => {
      await write(carol, group, 'from before');
      await bob.sees('from before');
      await bob.main.change({ _: 'messages.setHistoryTTL', peer: group.peer, period: DAY_S });
      for (const device of [tablet, alice.main, carol.main]) {
        await device.seesUpdate('updatePeerHistoryTTL', (update) => update.ttlPeriod === DAY_S && update.peer._ === 'peerChat');
      }
      expect(await carol.sees('action:messageActionSetMessagesTTL')).toMatchObject({ from: bob.id, ttl_period: undefined, peer: -group.id });
      await write(carol, group, 'for a day');
      for (const actor of [alice, bob, carol]) expect((await actor.sees('for a day')).ttl_period).toBe(DAY_S);
    });
    expect((await bob.main.fails({ _: 'messages.setHistoryTTL', peer: group.peer, period: DAY_S })).text).toBe('CHAT_NOT_MODIFIED');
    expect((await bob.main.fails({ _: 'messages.setHistoryTTL', peer: group.peer, period: 5 })).text).toBe('TTL_PERIOD_INVALID');
    for (const actor of [alice, bob, carol]) expect(await findTtl(actor.main, group)).toEqual([DAY_S, DAY_S]);
    clock.shift((DAY_S + 60) * 1000);
    await verifyUpdates([alice, bob, carol], async () => {
      for (const actor of [alice, bob, carol]) await actor.seesGone('for a day');
    });
    expect((await carol.main.loadHistory(-group.id)).map(({ text }) => text)).toContain('from before');
  });

  test('is not for members who may not change the group, nor for those who have left', async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const group = await createGroup(alice, [bob, carol]);
    await forbid(alice, group, { changeInfo: true });
    expect((await bob.main.fails({ _: 'messages.setHistoryTTL', peer: group.peer, period: DAY_S })).text).toBe('CHAT_ADMIN_REQUIRED');
    await carol.main.change({ _: 'messages.deleteChatUser', chatId: group.id, userId: { _: 'inputUserSelf' } });
    expect((await carol.main.fails({ _: 'messages.setHistoryTTL', peer: group.peer, period: DAY_S })).text).toBe('CHAT_WRITE_FORBIDDEN');
    expect(await findTtl(alice.main, group)).toEqual([undefined, undefined]);
  });

  test('does not follow from the default lifetime of somebody who writes there first', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    await bob.main.call({ _: 'messages.setDefaultHistoryTTL', period: DAY_S });
    const group = await createGroup(alice, [bob]);
    await write(bob, group, 'my first words');
    expect((await alice.sees('my first words')).ttl_period).toBeUndefined();
    expect(await findTtl(bob.main, group)).toEqual([undefined, undefined]);
  });
});

describe('content protection of a basic group', () => {
  test('is switched by the creator only, all members learn it, and nothing can be forwarded out of the group', async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const group = await createGroup(alice, [bob, carol]);
    await write(alice, group, 'for us only');
    const seen = await bob.sees('for us only');
    await alice.main.call({ _: 'messages.editChatAdmin', chatId: group.id, userId: alice.main.inputUser(bob.id), isAdmin: true });
    expect((await bob.main.fails({ _: 'messages.toggleNoForwards', peer: group.peer, enabled: true })).text).toBe('CHAT_ADMIN_REQUIRED');
    await verifyUpdates([alice, bob, carol], async () => {
      const answer = await alice.main.change({ _: 'messages.toggleNoForwards', peer: group.peer, enabled: true });
      expect(answer).toMatchObject({ updates: [{ _: 'updateChat', chatId: group.id }], chats: [{ id: group.id, noforwards: true }] });
      await carol.main.seesUpdate('updateChat', ({ chatId }) => chatId === group.id);
    });
    const { chats } = await carol.main.call({ _: 'messages.getFullChat', chatId: group.id });
    expect(chats).toMatchObject([{ id: group.id, noforwards: true }]);
    const forward = (toPeer: tl.TypeInputPeer, dropAuthor: boolean): tl.messages.RawForwardMessagesRequest =>
      ({ _: 'messages.forwardMessages', fromPeer: group.peer, toPeer, id: [seen.id], randomId: [randomLong()], dropAuthor });
    expect((await bob.main.fails(forward({ _: 'inputPeerSelf' }, false))).text).toBe('CHAT_FORWARDS_RESTRICTED');
    expect((await bob.main.fails(forward(bob.main.inputPeer(alice.id), true))).text).toBe('CHAT_FORWARDS_RESTRICTED');
    expect((await alice.main.fails({ _: 'messages.toggleNoForwards', peer: group.peer, enabled: true })).text).toBe('CHAT_NOT_MODIFIED');
    await alice.main.change({ _: 'messages.toggleNoForwards', peer: group.peer, enabled: false });
    await bob.forward([seen], bob);
  });
});

describe('a message scheduled for a basic group', () => {
  const schedule = async (actor: Actor, { peer }: Group, message: string, more: { scheduleDate?: number; replyTo?: tl.TypeInputReplyTo } = {}): Promise<number> => {
    const scheduleDate = clock.now() + HOUR_S;
    const answer = await actor.main.change({ _: 'messages.sendMessage', peer, message, randomId: randomLong(), scheduleDate, ...more });
    return ((answer as tl.RawUpdates).updates.find(({ _: kind }) => kind === 'updateMessageID') as tl.RawUpdateMessageID).id;
  };
  const listScheduled = async (device: Device, { peer }: Group): Promise<tl.TypeMessage[]> =>
    ((await device.call({ _: 'messages.getScheduledHistory', peer, hash: Long.ZERO })) as tl.messages.RawMessages).messages;

  test('is kept, edited, forwarded later, sent now or in time, to the members of then', async () => {
    const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
    const group = await createGroup(alice, [bob]);
    await write(bob, group, 'who brings the rope?');
    const asked = await alice.sees('who brings the rope?');
    const tablet = await alice.device();
    await alice.meet(carol);
    await verifyUpdates([alice, bob], async () => {
      const id = await schedule(alice, group, 'I do', { replyTo: { _: 'inputReplyToMessage', replyToMsgId: asked.id } });
      await tablet.seesUpdate('updateNewScheduledMessage', ({ message }) => message.id === id);
      const scheduleDate = clock.now() + 2 * HOUR_S;
      await alice.main.change({ _: 'messages.editMessage', peer: group.peer, id, message: 'I do, and the helmets', scheduleDate });
      expect(await listScheduled(tablet, group)).toMatchObject([{ id, message: 'I do, and the helmets', peerId: { chatId: group.id } }]);
      await alice.main.change({ _: 'messages.sendScheduledMessages', peer: group.peer, id: [id] });
      const got = await bob.sees('I do, and the helmets');
      expect(got.reply_to).toBe((await bob.sees('who brings the rope?')).id);
      expect(await listScheduled(alice.main, group)).toEqual([]);
    });
    await schedule(alice, group, 'in time');
    await alice.main.change({
      _: 'messages.forwardMessages', fromPeer: group.peer, toPeer: group.peer, id: [asked.id], randomId: [randomLong()],
      scheduleDate: clock.now() + HOUR_S,
    });
    await alice.main.invite({ _: 'messages.addChatUser', chatId: group.id, userId: alice.main.inputUser(carol.id), fwdLimit: 0 });
    clock.shift((HOUR_S + 5) * 1000);
    await verifyUpdates([alice, bob, carol], async () => {
      for (const actor of [bob, carol]) {
        expect(await actor.sees('in time')).toMatchObject({ from: alice.id, peer: -group.id });
        await actor.main.waitUntil('the forward', () => [...actor.main.state.messages.values()].some(({ text, from }) => text === 'who brings the rope?' && from === alice.id));
      }
    });
  });

  test('is refused if its author has left by then, which the service chat tells; and cannot wait until somebody is online', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    const group = await createGroup(alice, [bob]);
    const id = await schedule(bob, group, 'see you all');
    expect((await bob.main.fails({ _: 'messages.sendMessage', peer: group.peer, message: 'hi', randomId: randomLong(), scheduleDate: 0x7ffffffe })).text).toBe('SCHEDULE_DATE_INVALID');
    await bob.main.change({ _: 'messages.deleteChatUser', chatId: group.id, userId: { _: 'inputUserSelf' } });
    const scheduleDate = clock.now() + HOUR_S;
    expect((await bob.main.fails({ _: 'messages.sendMessage', peer: group.peer, message: 'hi', randomId: randomLong(), scheduleDate })).text).toBe('CHAT_WRITE_FORBIDDEN');
    expect((await bob.main.fails({ _: 'messages.sendScheduledMessages', peer: group.peer, id: [id] })).text).toBe('CHAT_WRITE_FORBIDDEN');
    clock.shift((HOUR_S + 5) * 1000);
    await bob.main.waitUntil('the notice', () => [...bob.main.state.messages.values()].some(({ from, text }) => from === SERVICE && /message to Climbing,.*not write there any more/.test(text)));
    expect(await listScheduled(bob.main, group)).toMatchObject([{ id, message: 'see you all' }]);
    await bob.main.change({ _: 'messages.deleteScheduledMessages', peer: group.peer, id: [id] });
    expect(await listScheduled(bob.main, group)).toEqual([]);
    expect(alice.main.find('see you all')).toBeUndefined();
  });

  test('needs the right to write when it is scheduled and when it is sent', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    const group = await createGroup(alice, [bob]);
    const id = await schedule(bob, group, 'allowed now');
    await forbid(alice, group, { sendPlain: true });
    const scheduleDate = clock.now() + HOUR_S;
    expect((await bob.main.fails({ _: 'messages.sendMessage', peer: group.peer, message: 'hi', randomId: randomLong(), scheduleDate })).text).toBe('CHAT_SEND_PLAIN_FORBIDDEN');
    expect((await bob.main.fails({ _: 'messages.sendScheduledMessages', peer: group.peer, id: [id] })).text).toBe('CHAT_SEND_PLAIN_FORBIDDEN');
    await forbid(alice, group, {});
    await bob.main.change({ _: 'messages.sendScheduledMessages', peer: group.peer, id: [id] });
    await alice.sees('allowed now');
  });
});
