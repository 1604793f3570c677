import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, type Device, verifyUpdates } from '@aerogram/dev-env';
import { type ChannelStage, channelStage, createChannel, inviteTo, losesChannel, postIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** The unread mentions of a channel: as the list of dialogs counts them, and their texts. */
async function listMentions(device: Device, id: number, more: { limit?: number; offsetId?: number } = {}): Promise<{ count: number; texts: string[] }> {
  const peer = device.inputPeer(id);
  const { dialogs } = await device.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer }] });
  const found = await device.call({ _: 'messages.getUnreadMentions', peer, offsetId: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, ...more });
  const { messages, count } = found as tl.messages.RawChannelMessages;
  const { unreadMentionsCount } = dialogs[0] as tl.RawDialog;
  expect(count).toBe(unreadMentionsCount);
  return { count, texts: messages.map((message) => (message as tl.RawMessage).message) };
}

/** Alice's supergroup with Bob, who has a username, and Carol. */
async function stageWithName(): Promise<ChannelStage & { name: string }> {
  const stage = await channelStage(scenario);
  const name = `bob_climbs_${stage.bob.id}`;
  await stage.bob.main.call({ _: 'account.updateUsername', username: name });
  return { ...stage, name };
}

const write = (actor: Actor, id: number, message: string, more: Partial<tl.messages.RawSendMessageRequest> = {}): Promise<unknown> =>
  actor.main.change({ _: 'messages.sendMessage', peer: actor.main.inputPeer(id), message, randomId: randomLong(), ...more });
const reply = (replyToMsgId: number): Partial<tl.messages.RawSendMessageRequest> => ({ replyTo: { _: 'inputReplyToMessage', replyToMsgId } });
const mentionsOf = (device: Device, id: number): string[] =>
  [...device.state.channels.find(id)!.box.messages.values()].filter(({ raw }) => raw.mentioned === true && raw.media_unread === true).map(({ text }) => text);
const everMentioned = (device: Device, id: number): string[] =>
  [...device.state.channels.find(id)!.box.messages.values()].filter(({ raw }) => raw.mentioned === true).map(({ text }) => text);

describe('a mention in a supergroup', () => {
  test('by username, by id or by a reply is marked for the member who is mentioned, and for nobody else', async () => {
    const { id, alice, bob, carol, name } = await stageWithName();
    const greeting = `@${name.toUpperCase()} and @nobody_at_all, hello`;
    await verifyUpdates([alice, bob, carol], async () => {
      await write(alice, id, greeting);
      await write(alice, id, 'the tall one', { entities: [{ _: 'inputMessageEntityMentionName', offset: 4, length: 4, userId: alice.main.inputUser(bob.id) }] });
      const here = await postIn(bob, id, 'here');
      await carol.sees('here');
      await write(carol, id, 'late', reply(here));
      await write(bob, id, `I, @${name}, reply to myself`, reply(here));
      for (const actor of [alice, carol]) await actor.sees(`I, @${name}, reply to myself`);
      await bob.sees('late');
      expect(mentionsOf(bob.main, id)).toEqual([greeting, 'the tall one', 'late']);
      for (const actor of [alice, carol]) expect(everMentioned(actor.main, id)).toEqual([]);
    });
    expect(await listMentions(bob.main, id)).toEqual({ count: 3, texts: ['late', 'the tall one', greeting] });
    expect(await listMentions(bob.main, id, { limit: 1 })).toEqual({ count: 3, texts: ['late'] });
    expect(await listMentions(bob.main, id, { offsetId: 5 })).toEqual({ count: 3, texts: ['the tall one', greeting] });
    expect(await listMentions(alice.main, id)).toEqual({ count: 0, texts: [] });
  });

  test('is seen with its content, on all devices, and stays a mention; a repeat changes nothing', async () => {
    const { id, alice, bob, carol, name } = await stageWithName();
    const tablet = await bob.device();
    const phone = await bob.device();
    await verifyUpdates([alice, bob, carol], async () => {
      for (const text of ['one', 'two', 'three']) await write(alice, id, `@${name} ${text}`);
      const first = await bob.sees(`@${name} one`);
      await bob.sees(`@${name} three`);
      await tablet.sees(`@${name} three`);
      await phone.sees(`@${name} three`);
      await phone.goOffline();
      const contents: tl.channels.RawReadMessageContentsRequest = { _: 'channels.readMessageContents', channel: bob.main.inputChannel(id), id: [first.id, 99] };
      expect(await bob.main.change(contents)).toBe(true);
      await tablet.seesUpdate('updateChannelReadMessagesContents', ({ messages }) => messages[0] === first.id && messages.length === 1);
      expect(everMentioned(tablet, id)).toHaveLength(3);
      expect(await listMentions(bob.main, id)).toEqual({ count: 2, texts: [`@${name} three`, `@${name} two`] });
      expect(await bob.main.change(contents)).toBe(true);

      const read = { _: 'messages.readMentions', peer: bob.main.inputPeer(id) } as const;
      const { pts } = bob.main.state.channels.find(id)!.line;
      expect(await bob.main.change(read)).toEqual({ _: 'messages.affectedHistory', pts, ptsCount: 0, offset: 0 });
      await tablet.seesUpdate('updateChannelReadMessagesContents', ({ messages }) => messages.length === 2);
      expect(await listMentions(tablet, id)).toEqual({ count: 0, texts: [] });
      expect(await bob.main.change(read)).toMatchObject({ ptsCount: 0, offset: 0 });
      expect(mentionsOf(phone, id)).toHaveLength(3);
      await phone.goOnline();
      await phone.catchUp();
    });
    expect([mentionsOf(phone, id), everMentioned(phone, id).length]).toEqual([[], 3]);
    expect(alice.main.events.some(({ _: kind }) => kind === 'updateChannelReadMessagesContents')).toBe(false);
  });

  test('is no longer counted when the message is deleted, or edited so that it names nobody; reading the history leaves it', async () => {
    const { id, alice, bob, carol, name } = await stageWithName();
    await verifyUpdates([alice, bob, carol], async () => {
      for (const text of ['one', 'two', 'three']) await write(alice, id, `@${name} ${text}`);
      const [first, second] = [await alice.sees(`@${name} one`), await alice.sees(`@${name} two`)];
      await bob.sees(`@${name} three`);
      await bob.main.change({ _: 'channels.readHistory', channel: bob.main.inputChannel(id), maxId: 0 });
      expect((await listMentions(bob.main, id)).count).toBe(3);
      await alice.main.change({ _: 'messages.editMessage', peer: alice.main.inputPeer(id), id: second.id, message: 'nobody is meant' });
      await bob.sees('nobody is meant');
      expect(await listMentions(bob.main, id)).toEqual({ count: 2, texts: [`@${name} three`, `@${name} one`] });
      await alice.main.change({ _: 'messages.editMessage', peer: alice.main.inputPeer(id), id: first.id, message: `@${name} uno` });
      await bob.sees(`@${name} uno`);
      expect(mentionsOf(bob.main, id)).toEqual([`@${name} uno`, `@${name} three`]);
      await alice.main.change({ _: 'channels.deleteMessages', channel: alice.main.inputChannel(id), id: [first.id] });
      await bob.seesGone(`@${name} uno`);
      expect(await listMentions(bob.main, id)).toEqual({ count: 1, texts: [`@${name} three`] });
    });
  });

  test('is told to a device that was away, and forgotten when the member leaves or is banned', async () => {
    const { id, alice, bob, carol, name } = await stageWithName();
    const tablet = await bob.device();
    await write(carol, id, 'hello');
    await tablet.sees('hello');
    await tablet.goOffline();
    await write(alice, id, `@${name} tonight?`);
    await write(bob, id, 'yes', reply((await bob.main.sees(`@${name} tonight?`)).id));
    await alice.sees('yes');
    expect(mentionsOf(alice.main, id)).toEqual(['yes']);
    await verifyUpdates([alice, bob, carol], async () => {
      await tablet.goOnline();
      await tablet.catchUp();
      expect((await tablet.sees(`@${name} tonight?`)).raw).toMatchObject({ mentioned: true, media_unread: true });
      await alice.main.change({
        _: 'channels.editBanned', channel: alice.main.inputChannel(id), participant: alice.main.inputPeer(bob.id),
        bannedRights: { _: 'chatBannedRights', viewMessages: true, untilDate: 0 },
      });
      await losesChannel(bob.main, id);
      await write(alice, id, `@${name}, you do not read this`);
      await carol.sees(`@${name}, you do not read this`);
    });
    await inviteTo(alice, id, [bob]);
    expect(await listMentions(bob.main, id)).toEqual({ count: 0, texts: [] });
  });

  test('is refused to those who are not in the group, and not made in a broadcast channel', async () => {
    const { id, alice, bob } = await stageWithName();
    const [dora] = (await people(scenario, 'Dora')) as [Actor];
    await dora.meet(bob);
    const channel = bob.main.inputChannel(id);
    const peer = { ...channel, _: 'inputPeerChannel' } as const;
    const requests: tl.RpcMethod[] = [
      { _: 'messages.readMentions', peer },
      { _: 'messages.getUnreadMentions', peer, offsetId: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0 },
      { _: 'channels.readMessageContents', channel, id: [1] },
    ];
    // The access hash is Bob's.
    for (const request of requests) expect(await dora.main.fails(request)).toMatchObject({ text: 'CHANNEL_INVALID' });
    await bob.main.change({ _: 'channels.leaveChannel', channel });
    await losesChannel(bob.main, id);
    expect(await bob.main.fails({ _: 'messages.readMentions', peer })).toMatchObject({ text: 'CHANNEL_PRIVATE' });

    const news = await createChannel(alice, 'broadcast', 'News');
    await inviteTo(alice, news, [dora]);
    const name = `dora_${dora.id}`;
    await dora.main.call({ _: 'account.updateUsername', username: name });
    await verifyUpdates([alice, dora], async () => {
      await write(alice, news, `@${name} reads`);
      await dora.sees(`@${name} reads`);
      expect(everMentioned(dora.main, news)).toEqual([]);
    });
    expect(await listMentions(dora.main, news)).toEqual({ count: 0, texts: [] });
  });
});
