import type { Actor } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, createChannel, inviteTo, losesChannel, postIn, promoteIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const plainId = (id: number): number => -id - 1_000_000_000_000;

const sentId = (answer: tl.TypeUpdates): number =>
  ((answer as tl.RawUpdates).updates.find((update) => update._ === 'updateMessageID') as tl.RawUpdateMessageID).id;

/** The request for the profile of somebody whom a message of a channel names. */
const profileOf = (peer: tl.TypeInputPeer, msgId: number, { id: userId }: Actor): tl.users.RawGetFullUserRequest => ({
  _: 'users.getFullUser', id: { _: 'inputUserFromMessage', peer, msgId, userId },
});

async function canOpen(viewer: Actor, id: number, msgId: number, person: Actor): Promise<void> {
  const { fullUser } = await viewer.main.call(profileOf(viewer.main.inputPeer(id), msgId, person));
  expect(fullUser.id).toBe(person.id);
}

const whyNot = async (viewer: Actor, peer: tl.TypeInputPeer, msgId: number, person: Actor): Promise<string> =>
  (await viewer.main.fails(profileOf(peer, msgId, person))).text;

describe('a message of a supergroup', () => {
  test('gives access to its author, to the author of a forward and to those whom it mentions, and to nobody else', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    const [dora, erin] = (await people(scenario, 'Dora', 'Erin')) as [Actor, Actor];
    await dora.send(bob, 'from Dora');
    const peer = bob.main.inputPeer(id);
    const plain = await postIn(bob, id, 'from Bob');
    const copy = await bob.main.change({
      _: 'messages.forwardMessages', fromPeer: bob.main.inputPeer(dora.id), toPeer: peer, id: [(await bob.sees('from Dora')).id], randomId: [randomLong()],
    });
    await bob.meet(erin);
    const entities: tl.TypeMessageEntity[] = [{ _: 'inputMessageEntityMentionName', offset: 0, length: 4, userId: bob.main.inputUser(erin.id) }];
    const mention = await bob.main.change({ _: 'messages.sendMessage', peer, message: 'Erin!', entities, randomId: randomLong() });

    await canOpen(carol, id, plain, bob);
    await canOpen(carol, id, sentId(copy), dora);
    await canOpen(carol, id, sentId(mention), erin);
    const seen = carol.main.inputPeer(id);
    expect(await whyNot(carol, seen, plain, dora)).toBe('MSG_ID_INVALID');
    expect(await whyNot(carol, seen, plain, alice)).toBe('MSG_ID_INVALID');
    expect(await whyNot(carol, seen, sentId(copy), erin)).toBe('MSG_ID_INVALID');
    expect(await whyNot(carol, seen, 999_999, bob)).toBe('MSG_ID_INVALID');
    // The message can also be written to.
    const toDora: tl.RawInputPeerUserFromMessage = { _: 'inputPeerUserFromMessage', peer: seen, msgId: sentId(copy), userId: dora.id };
    await carol.main.change({ _: 'messages.sendMessage', peer: toDora, message: 'hello from the group', randomId: randomLong() });
    await dora.sees('hello from the group');
  });

  test('does not give away the anonymous admin who wrote it', async () => {
    const { id, alice, carol } = await channelStage(scenario);
    await promoteIn(alice, id, alice, { anonymous: true });
    const msgId = await postIn(alice, id, 'the group speaks');
    expect(await whyNot(carol, carol.main.inputPeer(id), msgId, alice)).toBe('MSG_ID_INVALID');
  });

  test('gives access to a public channel from which it was forwarded, not to a private one', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    const [open, closed] = [await createChannel(alice, 'broadcast', 'Open'), await createChannel(alice, 'broadcast', 'Closed')];
    await alice.main.change({ _: 'channels.updateUsername', channel: alice.main.inputChannel(open), username: 'open_climbing_news' });
    const forwardFrom = async (from: number): Promise<number> => {
      const ids = [await postIn(alice, from, 'news')];
      return sentId(await alice.main.change({ _: 'messages.forwardMessages', fromPeer: alice.main.inputPeer(from), toPeer: alice.main.inputPeer(id), id: ids, randomId: [randomLong()] }));
    };
    const channelIn = (msgId: number, of: number): tl.channels.RawGetFullChannelRequest => ({
      _: 'channels.getFullChannel', channel: { _: 'inputChannelFromMessage', peer: carol.main.inputPeer(id), msgId, channelId: plainId(of) },
    });
    const [fromOpen, fromClosed] = [await forwardFrom(open), await forwardFrom(closed)];
    expect((await carol.main.call(channelIn(fromOpen, open))).fullChat.id).toBe(plainId(open));
    expect((await carol.main.fails(channelIn(fromClosed, closed))).text).toBe('CHANNEL_PRIVATE');
    expect((await carol.main.fails(channelIn(fromClosed, open))).text).toBe('MSG_ID_INVALID');
    await canOpen(carol, id, fromOpen, alice);
    expect(await whyNot(carol, carol.main.inputPeer(id), fromOpen, bob)).toBe('MSG_ID_INVALID');
  });

  test('gives nothing to those who may not read the group, or from whom it is hidden', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    const [dora] = (await people(scenario, 'Dora')) as [Actor];
    const old = await postIn(bob, id, 'old');
    const peer = carol.main.inputPeer(id);
    await canOpen(carol, id, old, bob);
    await carol.main.change({ _: 'channels.leaveChannel', channel: carol.main.inputChannel(id) });
    await losesChannel(carol.main, id);
    expect(await whyNot(carol, peer, old, bob)).toBe('CHANNEL_PRIVATE');
    await alice.main.change({ _: 'channels.togglePreHistoryHidden', channel: alice.main.inputChannel(id), enabled: true });
    await inviteTo(alice, id, [dora]);
    expect(await whyNot(dora, dora.main.inputPeer(id), old, bob)).toBe('MSG_ID_INVALID');
    await canOpen(dora, id, await postIn(bob, id, 'new'), bob);
  });
});
