import { type Actor, findSentId } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSample } from '../../packages/media/test/samples.ts';
import { createChannel, inviteTo } from './channel-stage.ts';
import { makeFile, sendMedia, upload, uploadedDocument } from './file-stage.ts';
import { createGroup } from './group-stage.ts';
import { makePicture, uploadedPhoto } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

type Kind = 'photo' | 'video' | 'voice' | 'round' | 'music' | 'gif' | 'document' | 'url' | 'chatPhoto';

/** What each filter finds. */
const FILTERS: Record<string, Kind[]> = {
  inputMessagesFilterPhotos: ['photo'],
  inputMessagesFilterVideo: ['video'],
  inputMessagesFilterPhotoVideo: ['photo', 'video'],
  inputMessagesFilterDocument: ['document'],
  inputMessagesFilterUrl: ['url'],
  inputMessagesFilterGif: ['gif'],
  inputMessagesFilterVoice: ['voice'],
  inputMessagesFilterRoundVideo: ['round'],
  inputMessagesFilterRoundVoice: ['round', 'voice'],
  inputMessagesFilterMusic: ['music'],
  inputMessagesFilterChatPhotos: ['chatPhoto'],
};
// The cast is safe: the keys are names of filters without fields.
const filterOf = (name: string): tl.TypeMessagesFilter => ({ _: name }) as tl.TypeMessagesFilter;

/** Video and audio: the file, and what the client says about it. */
const SAMPLES: Partial<Record<Kind, { sample: string; mimeType: string; attributes: tl.TypeDocumentAttribute[] }>> = {
  video: { sample: 'film.mp4', mimeType: 'video/mp4', attributes: [{ _: 'documentAttributeVideo', duration: 1, w: 1, h: 1 }] },
  round: { sample: 'round.mp4', mimeType: 'video/mp4', attributes: [{ _: 'documentAttributeVideo', duration: 1, w: 1, h: 1, roundMessage: true }] },
  gif: { sample: 'silent.mp4', mimeType: 'video/mp4', attributes: [{ _: 'documentAttributeAnimated' }] },
  voice: { sample: 'voice.ogg', mimeType: 'audio/ogg', attributes: [{ _: 'documentAttributeAudio', voice: true, duration: 1 }] },
  music: { sample: 'music.mp3', mimeType: 'audio/mpeg', attributes: [] },
};

async function mediaOf(actor: Actor, kind: Kind): Promise<tl.TypeInputMedia> {
  if (kind === 'photo') return uploadedPhoto(actor.main, await makePicture(120, 90));
  if (kind === 'document') return uploadedDocument(actor.main, makeFile(100));
  const { sample, mimeType, attributes } = SAMPLES[kind]!;
  return { _: 'inputMediaUploadedDocument', file: await upload(actor.main, { bytes: readSample(sample), name: sample }), mimeType, attributes };
}

/** A chat as one of its people names it. */
interface Place {
  actor: Actor;
  peer: tl.TypeInputPeer;
  /** Of a supergroup or channel. */
  channel?: tl.RawInputChannel;
}

async function setPhoto({ actor, peer, channel }: Place): Promise<void> {
  const photo: tl.TypeInputChatPhoto = { _: 'inputChatUploadedPhoto', file: await upload(actor.main, { bytes: await makePicture(300, 300), name: 'chat.jpg' }) };
  if (peer._ === 'inputPeerChat') await actor.main.change({ _: 'messages.editChatPhoto', chatId: peer.chatId, photo });
  else if (channel !== undefined) await actor.main.change({ _: 'channels.editPhoto', channel, photo });
}

/** Sends a message of a kind. @returns its id in the own box or in the channel */
async function sendKind({ actor, peer }: Place, kind: Kind): Promise<number> {
  if (kind !== 'url') return sendMedia(actor.main, await mediaOf(actor, kind), { peer });
  return findSentId(await actor.main.change({ _: 'messages.sendMessage', peer, message: 'see https://example.org/a', randomId: randomLong(), noWebpage: true }));
}

async function searchIds({ actor, peer }: Place, filter: tl.TypeMessagesFilter): Promise<number[]> {
  const found = await actor.main.call({ _: 'messages.search', peer, q: '', filter, minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 50, maxId: 0, minId: 0, hash: Long.ZERO });
  return found._ === 'messages.messagesNotModified' ? [] : found.messages.map(({ id }) => id);
}

/** Expects that all ways to ask find so many messages of each kind, and that they agree. */
async function expectCounts(place: Place, counts: Partial<Record<Kind, number>>): Promise<void> {
  const { actor, peer } = place;
  const names = Object.keys(FILTERS);
  const wanted = Object.fromEntries(names.map((name) => [name, FILTERS[name]!.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0)]));
  const counters = await actor.main.call({ _: 'messages.getSearchCounters', peer, filters: names.map(filterOf) });
  expect(Object.fromEntries(counters.map(({ filter, count }) => [filter._, count]))).toEqual(wanted);
  for (const name of names) {
    const [filter, ids] = [filterOf(name), await searchIds(place, filterOf(name))];
    expect([name, ids.length]).toEqual([name, wanted[name]]);
    const calendar = await actor.main.call({ _: 'messages.getSearchResultsCalendar', peer, filter, offsetId: 0, offsetDate: 0 });
    expect([calendar.count, calendar.periods.reduce((sum, period) => sum + period.count, 0)]).toEqual([ids.length, ids.length]);
    if (ids.length > 0) expect([calendar.minMsgId, calendar.periods[0]!.maxMsgId]).toEqual([Math.min(...ids), Math.max(...ids)]);
    const positions = await actor.main.call({ _: 'messages.getSearchResultsPositions', peer, filter, offsetId: 0, limit: 50 });
    expect([positions.count, positions.positions.map(({ msgId }) => msgId)]).toEqual([ids.length, ids]);
  }
}

const SENT: Kind[] = ['photo', 'video', 'voice', 'round', 'music', 'gif', 'document', 'url'];
const ALL_ONCE = Object.fromEntries(SENT.map((kind) => [kind, 1])) as Partial<Record<Kind, number>>;

async function openChat(kind: 'private chat' | 'basic group' | 'supergroup' | 'channel'): Promise<{ own: Place; others: Place }> {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.meet(alice);
  if (kind === 'private chat') return { own: { actor: alice, peer: alice.main.inputPeer(bob.id) }, others: { actor: bob, peer: bob.main.inputPeer(alice.id) } };
  if (kind === 'basic group') {
    const { peer } = await createGroup(alice, [bob]);
    return { own: { actor: alice, peer }, others: { actor: bob, peer } };
  }
  const id = await createChannel(alice, kind === 'supergroup' ? 'megagroup' : 'broadcast');
  await inviteTo(alice, id, [bob]);
  return { own: { actor: alice, peer: alice.main.inputPeer(id), channel: alice.main.inputChannel(id) }, others: { actor: bob, peer: bob.main.inputPeer(id) } };
}

describe.each(['private chat', 'basic group', 'supergroup', 'channel'] as const)('in a %s', (where) => {
  test('each kind of media is found by its filters, and counted right after edits and deletions', async () => {
    const { own, others } = await openChat(where);
    const ids = {} as Record<Kind, number>;
    for (const kind of SENT) ids[kind] = await sendKind(own, kind);
    const chatPhoto = where === 'private chat' ? 0 : 1;
    await setPhoto(own);
    for (const place of [own, others]) await expectCounts(place, { ...ALL_ONCE, chatPhoto });

    const edit = (id: number, change: Partial<tl.messages.RawEditMessageRequest>) => own.actor.main.change({ _: 'messages.editMessage', peer: own.peer, id, ...change });
    await edit(ids.photo, { media: await mediaOf(own.actor, 'document') });
    await edit(ids.document, { media: await mediaOf(own.actor, 'photo'), message: 'at https://example.org/b' });
    await edit(ids.video, { media: await mediaOf(own.actor, 'photo') });
    await edit(ids.url, { message: 'nothing to see' });
    for (const place of [own, others]) await expectCounts(place, { ...ALL_ONCE, photo: 2, video: 0, chatPhoto });

    const gone = [ids.voice, ids.music, ids.document];
    if (own.channel !== undefined) await own.actor.main.change({ _: 'channels.deleteMessages', channel: own.channel, id: gone });
    else await own.actor.main.change({ _: 'messages.deleteMessages', revoke: true, id: gone });
    for (const place of [own, others]) await expectCounts(place, { round: 1, gif: 1, document: 1, photo: 1, chatPhoto });
  });
});

test('media that can be viewed once are in no collection, before and after they were viewed', async () => {
  const { own, others } = await openChat('private chat');
  await sendKind(own, 'photo');
  for (const kind of ['photo', 'video', 'voice', 'round'] as const) {
    const media = await mediaOf(own.actor, kind);
    if (media._ !== 'inputMediaUploadedPhoto' && media._ !== 'inputMediaUploadedDocument') throw new Error(media._);
    await sendMedia(own.actor.main, { ...media, ttlSeconds: 0x7f_ff_ff_ff }, { peer: own.peer, caption: `once ${kind}` });
  }
  for (const place of [own, others]) await expectCounts(place, { photo: 1 });
  const seen = await Promise.all(['photo', 'video', 'voice', 'round'].map((kind) => others.actor.sees(`once ${kind}`)));
  await others.actor.main.change({ _: 'messages.readMessageContents', id: seen.map(({ id }) => id) });
  for (const place of [own, others]) await expectCounts(place, { photo: 1 });
});
