import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, createChannel, inviteTo, postIn } from './channel-stage.ts';
import { createGroup, people, write } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const SELF: tl.RawInputPeerSelf = { _: 'inputPeerSelf' };
const channelPeer = (id: number): tl.RawPeerChannel => ({ _: 'peerChannel', channelId: -id - 1_000_000_000_000 });

interface Target {
  peer: tl.TypeInputPeer;
  id: number;
  quote?: string;
}

const replyCall = (peer: tl.TypeInputPeer, message: string, to: Target): tl.messages.RawSendMessageRequest => ({
  _: 'messages.sendMessage', peer, message, randomId: randomLong(), replyTo: { _: 'inputReplyToMessage', replyToMsgId: to.id, replyToPeerId: to.peer, quoteText: to.quote },
});

/** Replies to a message of another chat. @returns the reply header of the new message */
async function reply(actor: Actor, peer: tl.TypeInputPeer, message: string, to: Target): Promise<tl.RawMessageReplyHeader> {
  const { updates } = (await actor.main.change(replyCall(peer, message, to))) as tl.RawUpdates;
  const sent = updates.find((update) => update._ === 'updateNewMessage' || update._ === 'updateNewChannelMessage') as tl.RawUpdateNewMessage;
  return (sent.message as tl.RawMessage).replyTo as tl.RawMessageReplyHeader;
}

test('messages of each kind of chat are replied to in each other kind', async () => {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  await alice.meet(bob);
  const group = await createGroup(alice, [bob, carol]);
  const supergroup = await createChannel(alice, 'megagroup');
  const news = await createChannel(alice, 'broadcast');
  for (const id of [supergroup, news]) await inviteTo(alice, id, [bob, carol]);
  const said = await alice.send(bob, 'said in private');
  await write(alice, group, 'said in the group');
  const [inGroup, inSupergroup, inNews] = [(await alice.main.sees('said in the group')).id, await postIn(alice, supergroup, 'said in supergroup'), await postIn(alice, news, 'said in news')];
  const places = [
    { name: 'private', peer: alice.main.inputPeer(bob.id), id: said.id, text: 'said in private', named: {} },
    { name: 'group', peer: group.peer, id: inGroup, text: 'said in the group', named: {} },
    { name: 'supergroup', peer: alice.main.inputPeer(supergroup), id: inSupergroup, text: 'said in supergroup', named: { replyToMsgId: inSupergroup, replyToPeerId: channelPeer(supergroup) } },
    { name: 'news', peer: alice.main.inputPeer(news), id: inNews, text: 'said in news', named: { replyToMsgId: inNews, replyToPeerId: channelPeer(news) } },
  ];
  await verifyUpdates([alice, bob, carol], async () => {
    for (const from of places) {
      for (const to of [...places, { name: 'saved', peer: SELF }]) {
        if (from.name === to.name) continue;
        const header = await reply(alice, to.peer, `${from.name} to ${to.name}`, from);
        const author = from.name === 'news' ? channelPeer(news) : { _: 'peerUser', userId: alice.id };
        expect(header, `${from.name} to ${to.name}`).toMatchObject({ quote: false, quoteText: from.text, replyFrom: { fromId: author, channelPost: from.name === 'news' ? inNews : undefined }, ...from.named });
        if (from.name === 'private' || from.name === 'group') expect([header.replyToMsgId, header.replyToPeerId]).toEqual([undefined, undefined]);
      }
    }
    await bob.sees('news to supergroup');
    await carol.sees('private to news');
  });
});

describe('a reply to a message of another chat', () => {
  test('quotes a part of it, and shows its media', async () => {
    const { id, alice, bob } = await channelStage(scenario, 'broadcast');
    const other = await createChannel(bob, 'megagroup');
    const msgId = await postIn(alice, id, 'one two three');
    await bob.sees('one two three');
    const header = await reply(bob, bob.main.inputPeer(other), 'indeed', { peer: bob.main.inputPeer(id), id: msgId, quote: 'two' });
    expect(header).toMatchObject({ quote: true, quoteText: 'two', replyToMsgId: msgId, replyToPeerId: channelPeer(id) });
    const media: tl.RawInputMediaGeoLive = { _: 'inputMediaGeoLive', geoPoint: { _: 'inputGeoPoint', lat: 1, long: 2 }, period: 600 };
    const { updates } = (await alice.main.change({ _: 'messages.sendMedia', peer: alice.main.inputPeer(id), media, message: '', randomId: randomLong() })) as tl.RawUpdates;
    const place = await reply(bob, SELF, 'there', { peer: bob.main.inputPeer(id), id: (updates[0] as tl.RawUpdateMessageID).id });
    expect(place).toMatchObject({ replyMedia: { _: 'messageMediaGeo' } });
    expect(place.quoteText).toBeUndefined();
  });

  test('does not link to an author whose privacy forbids it', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    await alice.main.call({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyForwards' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });
    const msgId = await postIn(alice, id, 'between us');
    await bob.sees('between us');
    const header = await reply(bob, SELF, 'noted', { peer: bob.main.inputPeer(id), id: msgId });
    expect(header.replyFrom!.fromId).toBeUndefined();
    expect(header.replyFrom!.fromName).toContain('Alice');
  });

  test('keeps its header when it is scheduled, edited and forwarded together with it', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    await bob.meet(alice);
    const msgId = await postIn(alice, id, 'later');
    await bob.sees('later');
    const peer = bob.main.inputPeer(alice.id);
    const planned = (await bob.main.change({ ...replyCall(peer, 'planned', { peer: bob.main.inputPeer(id), id: msgId }), scheduleDate: Math.floor(Date.now() / 1000) + 3600 })) as tl.RawUpdates;
    const waiting = planned.updates.find((update) => update._ === 'updateNewScheduledMessage') as tl.RawUpdateNewScheduledMessage;
    await verifyUpdates([alice, bob], async () => {
      await bob.main.change({ _: 'messages.sendScheduledMessages', peer, id: [waiting.message.id] });
      expect((await alice.sees('planned')).raw).toMatchObject({ reply_to: { reply_from: { from_id: { user_id: BigInt(alice.id) } }, reply_to_msg_id: msgId } });
      const sent = await bob.main.sees('planned');
      await bob.main.change({ _: 'messages.editMessage', peer, id: sent.id, message: 'planned well' });
      expect((await alice.sees('planned well')).raw).toMatchObject({ reply_to: { quote_text: 'later', reply_to_msg_id: msgId } });
    });
    const forwarded = (await bob.main.change({
      _: 'messages.forwardMessages', fromPeer: bob.main.inputPeer(id), toPeer: SELF, id: [msgId], randomId: [randomLong()],
      replyTo: { _: 'inputReplyToMessage', replyToMsgId: msgId, replyToPeerId: bob.main.inputPeer(id) },
    })) as tl.RawUpdates;
    expect(forwarded.updates.find((update) => update._ === 'updateNewMessage')).toMatchObject({ message: { replyTo: { replyToMsgId: msgId, replyToPeerId: channelPeer(id) }, fwdFrom: {} } });
  });

  test('is refused if the message cannot be read, does not exist or is protected, or if it does not say what is quoted', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    const msgId = await postIn(alice, id, 'inside');
    await bob.sees('inside');
    const peer = bob.main.inputPeer(id);
    const fails = (to: Target): Promise<string> => bob.main.fails(replyCall(SELF, 'x', to)).then(({ text }) => text);
    expect(await fails({ peer, id: 999 })).toBe('REPLY_MESSAGE_ID_INVALID');
    expect(await fails({ peer, id: 1 })).toBe('REPLY_MESSAGE_ID_INVALID');
    expect(await fails({ peer, id: msgId, quote: 'outside' })).toBe('QUOTE_TEXT_INVALID');
    expect(await fails({ peer: alice.main.inputPeer(id), id: msgId })).toBe('CHANNEL_INVALID');
    await alice.main.change({ _: 'messages.toggleNoForwards', peer: alice.main.inputPeer(id), enabled: true });
    expect(await fails({ peer, id: msgId })).toBe('CHAT_FORWARDS_RESTRICTED');
    await alice.main.change({ _: 'messages.toggleNoForwards', peer: alice.main.inputPeer(id), enabled: false });
    await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(id) });
    expect(await fails({ peer, id: msgId })).toBe('CHANNEL_PRIVATE');
  });
});
