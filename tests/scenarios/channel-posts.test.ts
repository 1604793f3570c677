import { type Actor, createShiftedClock, verifyUpdates } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, postIn, promoteIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const HOUR_MS = 3_600_000;
const point = (lat: number): tl.RawInputGeoPoint => ({ _: 'inputGeoPoint', lat, long: 7 });

const mediaCall = (actor: Actor, id: number, media: tl.TypeInputMedia, message = ''): tl.messages.RawSendMediaRequest => ({
  _: 'messages.sendMedia', peer: actor.main.inputPeer(id), media, message, randomId: randomLong(),
});

const messageOf = (answer: tl.TypeUpdates): tl.RawMessage => {
  const found = (answer as tl.RawUpdates).updates.find((update) => update._ === 'updateNewChannelMessage' || update._ === 'updateEditChannelMessage');
  return (found as tl.RawUpdateNewChannelMessage).message as tl.RawMessage;
};

const sendMedia = async (actor: Actor, id: number, media: tl.TypeInputMedia, message?: string): Promise<tl.RawMessage> => messageOf(await actor.main.change(mediaCall(actor, id, media, message)));

describe('media without files', () => {
  test('are posted in groups and channels', async () => {
    for (const kind of ['megagroup', 'broadcast'] as const) {
      const { id, alice, bob } = await channelStage(scenario, kind);
      await verifyUpdates([alice, bob], async () => {
        const sent = [
          await sendMedia(alice, id, { _: 'inputMediaGeoPoint', geoPoint: point(1) }),
          await sendMedia(alice, id, { _: 'inputMediaVenue', geoPoint: point(2), title: 'The gym', address: 'Main Street', provider: 'foursquare', venueId: 'x', venueType: 'y' }, 'here'),
          await sendMedia(alice, id, { _: 'inputMediaContact', phoneNumber: '+1 555 0100', firstName: 'Gym', lastName: '', vcard: '' }),
          await sendMedia(alice, id, { _: 'inputMediaDice', emoticon: '🎲' }),
        ];
        expect(sent.map(({ media }) => media)).toMatchObject([
          { _: 'messageMediaGeo' }, { _: 'messageMediaVenue', title: 'The gym' }, { _: 'messageMediaContact', firstName: 'Gym' }, { _: 'messageMediaDice', emoticon: '🎲' },
        ]);
        const { value } = sent[3]!.media as tl.RawMessageMediaDice;
        expect([1, 2, 3, 4, 5, 6]).toContain(value);
        await bob.sees('here');
      });
    }
  });

  test('have the same value of a die when the send is repeated', async () => {
    const { id, alice } = await channelStage(scenario);
    const call = mediaCall(alice, id, { _: 'inputMediaDice', emoticon: '🎰' });
    const first = messageOf(await alice.main.change(call));
    expect(messageOf(await alice.main.change(call)).media).toEqual(first.media);
  });

  test('need the right to send them', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    const dice: tl.RawInputMediaDice = { _: 'inputMediaDice', emoticon: '🎲' };
    const place: tl.RawInputMediaGeoPoint = { _: 'inputMediaGeoPoint', geoPoint: point(1) };
    const restrict = (rights: Partial<tl.RawChatBannedRights>): Promise<unknown> =>
      alice.main.change({ _: 'messages.editChatDefaultBannedRights', peer: alice.main.inputPeer(id), bannedRights: { _: 'chatBannedRights', untilDate: 0, ...rights } });
    await restrict({ sendStickers: true });
    expect(await bob.main.fails(mediaCall(bob, id, dice))).toEqual({ code: 403, text: 'CHAT_SEND_STICKERS_FORBIDDEN' });
    expect(await sendMedia(bob, id, place)).toMatchObject({ media: { _: 'messageMediaGeo' } });
    await restrict({ sendPlain: true });
    expect(await bob.main.fails(mediaCall(bob, id, place))).toEqual({ code: 403, text: 'CHAT_SEND_PLAIN_FORBIDDEN' });
    expect(await sendMedia(bob, id, dice)).toMatchObject({ media: { _: 'messageMediaDice' } });
    expect(await sendMedia(alice, id, place)).toMatchObject({ media: { _: 'messageMediaGeo' } });
  });

  test('a live location is moved, prolonged and stopped by edits, and no text can be put in its place', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    const sent = await sendMedia(bob, id, { _: 'inputMediaGeoLive', geoPoint: point(1), period: 3600 });
    await carol.main.waitUntil('the location', () => carol.main.state.channels.find(id)!.box.messages.has(sent.id));
    const edit = (actor: Actor, media: tl.TypeInputMedia): tl.messages.RawEditMessageRequest => ({ _: 'messages.editMessage', peer: actor.main.inputPeer(id), id: sent.id, media });
    const live = (more: Partial<tl.RawInputMediaGeoLive>): tl.RawInputMediaGeoLive => ({ _: 'inputMediaGeoLive', geoPoint: point(2), ...more });
    await verifyUpdates([alice, bob, carol], async () => {
      expect(messageOf(await bob.main.change(edit(bob, live({ heading: 90 }))))).toMatchObject({ editHide: true, media: { _: 'messageMediaGeoLive', heading: 90, period: 3600, geo: { lat: 2 } } });
      expect(messageOf(await bob.main.change(edit(bob, live({ period: 7200 }))))).toMatchObject({ media: { period: 7200 } });
      expect(await alice.main.fails(edit(alice, live({})))).toEqual({ code: 403, text: 'MESSAGE_AUTHOR_REQUIRED' });
      expect(await bob.main.fails({ _: 'messages.editMessage', peer: bob.main.inputPeer(id), id: sent.id, message: 'text' })).toEqual({ code: 400, text: 'MEDIA_PREV_INVALID' });
      clock.shift(HOUR_MS);
      expect(messageOf(await bob.main.change(edit(bob, live({ stopped: true }))))).toMatchObject({ media: { _: 'messageMediaGeoLive' } });
      expect(await bob.main.fails(edit(bob, live({})))).toEqual({ code: 400, text: 'MESSAGE_EDIT_TIME_EXPIRED' });
    });
    const text = await postIn(bob, id, 'only text');
    expect(await bob.main.fails({ ...edit(bob, live({})), id: text })).toEqual({ code: 400, text: 'MEDIA_PREV_INVALID' });
    expect(await bob.main.fails({ ...edit(bob, { _: 'inputMediaEmpty' }), id: text })).toEqual({ code: 400, text: 'MEDIA_EMPTY' });
  });
});

test('a silent post says so to everyone', async () => {
  const { id, alice, bob } = await channelStage(scenario, 'broadcast');
  await verifyUpdates([alice, bob], async () => {
    await alice.main.change({ _: 'messages.sendMessage', peer: alice.main.inputPeer(id), message: 'hush', silent: true, randomId: randomLong() });
    expect((await bob.sees('hush')).raw).toMatchObject({ silent: true });
  });
});

describe('a protected channel', () => {
  test('lets nothing be forwarded out of it, until its creator ends the protection', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await promoteIn(alice, id, bob, { changeInfo: true });
    const msgId = await postIn(alice, id, 'secret');
    await carol.sees('secret');
    const toggle = (actor: Actor, enabled: boolean): tl.messages.RawToggleNoForwardsRequest => ({ _: 'messages.toggleNoForwards', peer: actor.main.inputPeer(id), enabled });
    const forward = (actor: Actor): tl.messages.RawForwardMessagesRequest => ({ _: 'messages.forwardMessages', fromPeer: actor.main.inputPeer(id), toPeer: { _: 'inputPeerSelf' }, id: [msgId], randomId: [randomLong()] });
    await verifyUpdates([alice, bob, carol], async () => {
      expect(await bob.main.fails(toggle(bob, true))).toEqual({ code: 400, text: 'CHAT_ADMIN_REQUIRED' });
      expect(await alice.main.fails(toggle(alice, false))).toEqual({ code: 400, text: 'CHAT_NOT_MODIFIED' });
      expect(await alice.main.change(toggle(alice, true))).toMatchObject({ updates: [{ _: 'updateChannel' }], chats: [{ noforwards: true }] });
      await carol.main.seesUpdate('updateChannel');
      for (const actor of [alice, carol]) expect(await actor.main.fails(forward(actor))).toEqual({ code: 400, text: 'CHAT_FORWARDS_RESTRICTED' });
      await alice.main.change(toggle(alice, false));
    });
    expect(await carol.main.change(forward(carol))).toMatchObject({ _: 'updates' });
  });

  test('and a protected post cannot be forwarded either', async () => {
    const { id, alice, bob } = await channelStage(scenario, 'broadcast');
    await alice.main.change({ _: 'messages.sendMessage', peer: alice.main.inputPeer(id), message: 'mine alone', noforwards: true, randomId: randomLong() });
    const { id: msgId } = await bob.sees('mine alone');
    expect(await bob.main.fails({ _: 'messages.forwardMessages', fromPeer: bob.main.inputPeer(id), toPeer: { _: 'inputPeerSelf' }, id: [msgId], randomId: [randomLong()] })).toEqual({ code: 400, text: 'CHAT_FORWARDS_RESTRICTED' });
  });
});

describe('a link to a message', () => {
  test('of a private channel names the channel by its id, for members only', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    const msgId = await postIn(alice, id, 'linked');
    const channel = bob.main.inputChannel(id);
    const plain = -id - 1_000_000_000_000;
    expect(await bob.main.call({ _: 'channels.exportMessageLink', channel, id: msgId })).toEqual({ _: 'exportedMessageLink', link: `https://t.me/c/${plain}/${msgId}`, html: '' });
    expect(await bob.main.fails({ _: 'channels.exportMessageLink', channel, id: 999 })).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
    await bob.main.change({ _: 'channels.leaveChannel', channel });
    expect(await bob.main.fails({ _: 'channels.exportMessageLink', channel, id: msgId })).toEqual({ code: 400, text: 'CHANNEL_PRIVATE' });
  });
});

describe('the author of a post', () => {
  test('is told to admins of the channel, and to nobody else', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario, 'broadcast');
    await promoteIn(alice, id, bob, { postMessages: true });
    const msgId = await postIn(bob, id, 'who wrote this');
    const ask = (actor: Actor, more: Partial<tl.channels.RawGetMessageAuthorRequest> = {}): tl.channels.RawGetMessageAuthorRequest => ({
      _: 'channels.getMessageAuthor', channel: actor.main.inputChannel(id), id: msgId, ...more,
    });
    expect(await alice.main.call(ask(alice))).toMatchObject({ _: 'user', id: bob.id });
    expect(await carol.main.fails(ask(carol))).toEqual({ code: 400, text: 'CHAT_ADMIN_REQUIRED' });
    expect(await alice.main.fails(ask(alice, { id: 999 }))).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
    const [dora] = (await people(scenario, 'Dora')) as [Actor];
    expect(await dora.main.fails({ ...ask(alice) })).toEqual({ code: 400, text: 'CHANNEL_INVALID' });
    const group = await channelStage(scenario);
    const said = await postIn(group.bob, group.id, 'known anyway');
    expect(await group.alice.main.fails({ _: 'channels.getMessageAuthor', channel: group.alice.main.inputChannel(group.id), id: said })).toEqual({ code: 400, text: 'MESSAGE_ID_INVALID' });
  });
});
