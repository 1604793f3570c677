import { createShiftedClock, type Actor, type Device, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, postIn, promoteIn } from './channel-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

const HOUR_S = 3600;

const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const inAnHour = (): number => Math.floor(clock.nowMs() / 1000) + HOUR_S;

/** Schedules a post. @returns its scheduled id */
async function schedule({ main }: Actor, id: number, message: string, more: Partial<tl.messages.RawSendMessageRequest> = {}): Promise<number> {
  const request = { _: 'messages.sendMessage', peer: main.inputPeer(id), message, randomId: randomLong(), scheduleDate: inAnHour(), ...more } as const;
  const { updates } = (await main.change(request)) as tl.RawUpdates;
  return (updates.find((update) => update._ === 'updateMessageID') as tl.RawUpdateMessageID).id;
}

async function listScheduled(device: Device, id: number): Promise<tl.TypeMessage[]> {
  const found = await device.call({ _: 'messages.getScheduledHistory', peer: device.inputPeer(id), hash: Long.ZERO });
  if (found._ === 'messages.messagesNotModified') throw new Error('not modified');
  return found.messages;
}

describe.each(['megagroup', 'broadcast'] as const)('in a %s', (kind) => {
  test('a post is scheduled, edited and sent at once, and its author’s devices follow', async () => {
    const { id, alice, bob } = await channelStage(scenario, kind);
    const tablet = await alice.device();
    const peer = alice.main.inputPeer(id);
    const replyTo: tl.TypeInputReplyTo = { _: 'inputReplyToMessage', replyToMsgId: await postIn(alice, id, 'to answer') };
    await verifyUpdates([alice, bob], async () => {
      const scheduleDate = inAnHour();
      const randomId = randomLong();
      const msgId = await schedule(alice, id, 'later', { scheduleDate, randomId, replyTo });
      await tablet.seesUpdate('updateNewScheduledMessage', (update) => update.message.id === msgId);
      expect(await schedule(alice, id, 'later', { scheduleDate, randomId, replyTo })).toBe(msgId);
      await alice.main.change({ _: 'messages.editMessage', peer, id: msgId, message: 'later, corrected', scheduleDate: scheduleDate + HOUR_S });
      const [shown] = await listScheduled(tablet, id);
      expect(shown).toMatchObject({ id: msgId, message: 'later, corrected', date: scheduleDate + HOUR_S, out: true, post: kind === 'broadcast', peerId: { _: 'peerChannel' } });
      expect((shown as tl.RawMessage).fromId).toEqual(kind === 'broadcast' ? undefined : { _: 'peerUser', userId: alice.id });
      const { fullChat } = await alice.main.call({ _: 'channels.getFullChannel', channel: alice.main.inputChannel(id) });
      expect(fullChat).toMatchObject({ hasScheduled: true });
      const found = await alice.main.call({ _: 'messages.getScheduledMessages', peer, id: [msgId] });
      expect(found).toMatchObject({ messages: [{ id: msgId }] });
    });
    await verifyUpdates([alice, bob], async () => {
      const [{ id: msgId }] = (await listScheduled(alice.main, id)) as [tl.TypeMessage];
      const answer = (await alice.main.change({ _: 'messages.sendScheduledMessages', peer, id: [msgId] })) as tl.RawUpdates;
      expect(answer.updates).toMatchObject([{ _: 'updateNewChannelMessage', message: { fromScheduled: true } }, { _: 'updateDeleteScheduledMessages', messages: [msgId] }]);
      expect((await bob.sees('later, corrected')).reply_to).toBe(replyTo.replyToMsgId);
      const gone = await tablet.seesUpdate('updateDeleteScheduledMessages');
      expect(gone.sentMessages).toEqual([(await alice.sees('later, corrected')).id]);
      expect(await listScheduled(alice.main, id)).toEqual([]);
    });
  });

  test('a post is sent once at its date, also after a restart, and not if it was deleted', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario, kind);
    await schedule(alice, id, 'on time');
    const dropped = await schedule(alice, id, 'never');
    await alice.main.change({ _: 'messages.deleteScheduledMessages', peer: alice.main.inputPeer(id), id: [dropped] });
    for (const actor of [alice, bob, carol]) await actor.main.goOffline();
    await scenario.server.restart();
    for (const actor of [alice, bob]) await actor.main.goOnline();
    await verifyUpdates([alice, bob], async () => {
      clock.shift((HOUR_S + 60) * 1000);
      expect((await bob.sees('on time')).from).toBe(kind === 'broadcast' ? id : alice.id);
      await alice.main.seesUpdate('updateDeleteScheduledMessages', (update) => update.sentMessages !== undefined);
    });
    await carol.main.goOnline();
    await carol.main.catchUp();
    await carol.sees('on time');
    const texts = (await bob.main.loadHistory(id)).map((message) => message.text);
    expect(texts.filter((text) => text === 'on time')).toHaveLength(1);
    expect(texts).not.toContain('never');
  });
});

test('rights are checked again when a post is due: who lost them keeps the post and is told', async () => {
  const { id, alice, bob, carol } = await channelStage(scenario);
  await schedule(bob, id, 'from Bob');
  await schedule(carol, id, 'from Carol');
  const bannedRights: tl.TypeChatBannedRights = { _: 'chatBannedRights', sendMessages: true, sendPlain: true, untilDate: 0 };
  await alice.main.change({ _: 'channels.editBanned', channel: alice.main.inputChannel(id), participant: alice.main.inputPeer(bob.id), bannedRights });
  clock.shift((HOUR_S + 60) * 1000);
  await alice.sees('from Carol');
  const isNotice = ({ peer, text }: { peer: number; text: string }): boolean => peer === 777_000 && text.includes('from Bob') && text.includes('Climbing');
  await bob.main.waitUntil('the notice', () => [...bob.main.state.messages.values()].some(isNotice));
  expect(await listScheduled(bob.main, id)).toMatchObject([{ message: 'from Bob' }]);
  expect(alice.main.find('from Bob')).toBeUndefined();
});

test('only those who may post schedule posts and see scheduled ones', async () => {
  const { id, alice, bob } = await channelStage(scenario, 'broadcast');
  const peer = bob.main.inputPeer(id);
  const send = { _: 'messages.sendMessage', peer, message: 'x', randomId: randomLong(), scheduleDate: inAnHour() } as const;
  expect(await bob.main.fails(send)).toMatchObject({ text: 'CHAT_ADMIN_REQUIRED' });
  expect(await bob.main.fails({ _: 'messages.getScheduledHistory', peer, hash: Long.ZERO })).toMatchObject({ text: 'CHAT_ADMIN_REQUIRED' });
  expect(await bob.main.fails({ _: 'messages.getScheduledMessages', peer, id: [1] })).toMatchObject({ text: 'CHAT_ADMIN_REQUIRED' });
  await promoteIn(alice, id, bob, { postMessages: true });
  await schedule(bob, id, 'from Bob');
  expect(await bob.main.fails({ ...send, randomId: randomLong(), scheduleDate: 0x7ffffffe })).toMatchObject({ text: 'SCHEDULE_DATE_INVALID' });
  const replyTo: tl.TypeInputReplyTo = { _: 'inputReplyToMessage', replyToMsgId: 999 };
  expect(await bob.main.fails({ ...send, randomId: randomLong(), replyTo })).toMatchObject({ text: 'REPLY_MESSAGE_ID_INVALID' });
  const left = bob.main.inputChannel(id);
  await bob.main.change({ _: 'channels.leaveChannel', channel: left });
  expect(await bob.main.fails({ ...send, randomId: randomLong() })).toMatchObject({ text: 'CHANNEL_PRIVATE' });
  expect(await bob.main.fails({ _: 'messages.sendScheduledMessages', peer, id: [1] })).toMatchObject({ text: 'CHANNEL_PRIVATE' });
  expect(await bob.main.fails({ _: 'messages.deleteScheduledMessages', peer, id: [1] })).toMatchObject({ text: 'CHANNEL_PRIVATE' });
});
