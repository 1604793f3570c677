import { randomBytes } from 'node:crypto';
import { markPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { onChannelHint, type PostRow } from '../../src/events/index.ts';
import type { AnswerChange } from '../../src/polls/index.ts';
import { makeAnswerMedia, projectPost, type ResolvedPeer } from '../../src/index.ts';
import { errorOf, uploadedPhotos } from './accounts-world.ts';
import { createFileStage, type FileStage, ORIGIN } from './file-stage.ts';

const WEEK_S = 7 * 86_400;
/** A right that was lost may be used for this long. */
const RIGHT_KEPT_MS = 5000;

const words = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] });
const option = (at: number): Uint8Array => Buffer.from(String(at));

/** The media that a test wants in a poll. */
interface WantedMedia {
  attached?: tl.InputMedia;
  solution?: tl.InputMedia;
  /** Of the first answer. */
  answer?: tl.InputMedia;
}

/** What a client sends for a poll with two answers. */
function pollInput({ attached, solution, answer }: WantedMedia, more: Partial<tl.poll> = {}): tl.inputMediaPoll {
  const answers: tl.PollAnswer[] = [{ _: 'inputPollAnswer', text: words('this'), media: answer }, { _: 'inputPollAnswer', text: words('that') }];
  const poll: tl.poll = { _: 'poll', id: 0n, question: words('Which one?'), answers, hash: 0n, ...more };
  return { _: 'inputMediaPoll', poll, attached_media: attached, solution_media: solution, correct_answers: more.quiz === true ? [0] : undefined };
}

describe('media in polls', () => {
  let stage: FileStage;
  let alice: bigint;
  let bob: bigint;
  let outsider: bigint;
  let channelId: bigint;
  beforeAll(async () => {
    stage = await createFileStage({}, { photos: uploadedPhotos });
    [alice, bob, outsider] = [await stage.signUp('Alice'), await stage.signUp('Bob'), await stage.signUp('Eve')];
    channelId = await createGroup();
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  const at = (id = channelId) => stage.world.domain.channels.at(id);
  const peerIdOf = (id = channelId): bigint => markPeer({ _: 'peerChannel', channel_id: id });
  const by = (actorId: bigint) => ({ actorId, origin: ORIGIN });

  /** A supergroup of Alice with Bob. @returns its plain id */
  async function createGroup(): Promise<bigint> {
    const { first } = await stage.world.domain.channels.doCreate({ creatorId: alice, kind: 'megagroup', title: 'Pictures', about: '', ttlPeriod: 0, randomId: stage.nextId(), origin: ORIGIN });
    const id = -first.owner_id - 10n ** 12n;
    await at(id).members.doInvite(by(alice), [(await stage.world.domain.users.findRow(bob))!]);
    return id;
  }

  /** A channel as somebody names it who is a member. */
  const channelPeer = (userId: bigint, channel_id: bigint): Promise<ResolvedPeer> =>
    stage.world.domain.peers.accessInputPeer(userId, { _: 'inputPeerChannel', channel_id, access_hash: stage.world.domain.accessHashes.of('channel', userId, channel_id) });

  async function uploaded(userId = alice): Promise<tl.inputFile> {
    const id = stage.nextId();
    await stage.world.domain.files.doSavePart({ userId, fileId: id, part: 0, totalParts: undefined }, randomBytes(500));
    return { _: 'inputFile', id, parts: 1, name: 'a', md5_checksum: '' };
  }
  const photo = async (userId = alice): Promise<tl.inputMediaUploadedPhoto> => ({ _: 'inputMediaUploadedPhoto', file: await uploaded(userId) });
  const document = async (...attributes: tl.DocumentAttribute[]): Promise<tl.inputMediaUploadedDocument> => ({ _: 'inputMediaUploadedDocument', file: await uploaded(), mime_type: 'text/plain', attributes });

  /** Makes media as the methods do that send polls. */
  const makeMedia = (userId: bigint, input: tl.InputMedia): Promise<tl.MessageMedia> => stage.world.domain.mediaInputs.prepare(input, { userId, isBot: false });

  const create = (input: tl.inputMediaPoll): Promise<tl.messageMediaPoll> =>
    stage.world.domain.polls.doCreate({ creatorId: alice, placeId: peerIdOf(), input, makeMedia: (media) => makeMedia(alice, media), solution: { text: 'So it is.', entities: [] }, kind: 'group', sendDate: stage.world.clock.now() });

  async function post(media: tl.MessageMedia, { actorId = alice, id = channelId, flags = 0 } = {}): Promise<number> {
    const [sent] = await at(id).posts.doSend({ ...by(actorId), parts: [{ randomId: stage.nextId(), text: '', flags, extra: { media } }], reply: undefined, signature: '' });
    return sent!.msg_id;
  }

  const idOf = (media: tl.MessageMedia | undefined): bigint => {
    if (media?._ === 'messageMediaPhoto' && media.photo?._ === 'photo') return media.photo.id;
    if (media?._ === 'messageMediaDocument' && media.document?._ === 'document') return media.document.id;
    throw new Error('no file');
  };
  const mediaAt = (poll: tl.poll | undefined, place: number): tl.MessageMedia | undefined => {
    const answer = poll?.answers[place];
    return answer?._ === 'pollAnswer' ? answer.media : undefined;
  };

  /** What somebody asks for is answered like this. */
  async function resultsOf(viewerId: bigint, msgId: number, id = channelId): Promise<tl.updateMessagePoll> {
    const { polls, updates } = stage.world.domain;
    const found = await polls.findResults({ viewerId, peerId: peerIdOf(id), msgId }, 0n);
    return (await updates.projectAnswer(viewerId, [found])).updates[0] as tl.updateMessagePoll;
  }

  /** Loads a file as somebody may who has the reference to it. */
  const load = async (viewerId: bigint, media: tl.MessageMedia | undefined): Promise<number> => {
    const { files } = stage.world.domain;
    if (media?._ === 'messageMediaPhoto' && media.photo?._ === 'photo') {
      const { id, access_hash, file_reference } = media.photo;
      return (await (await files.accessLocation(viewerId, { _: 'inputPhotoFileLocation', id, access_hash, file_reference, thumb_size: 'a' })).read(0, 1000)).length;
    }
    const { id, access_hash, file_reference } = (media as tl.messageMediaDocument).document as tl.document;
    return (await (await files.accessLocation(viewerId, { _: 'inputDocumentFileLocation', id, access_hash, file_reference, thumb_size: '' })).read(0, 1000)).length;
  };
  /** The error for somebody who loads a photo or document from a message. */
  const mayRead = async (viewerId: bigint, fileId: bigint, msgId: number, { id = channelId, kind = 'photo' }: { id?: bigint; kind?: 'photo' | 'document' } = {}): Promise<string> => {
    const name = { kind, documentId: fileId, sizeType: kind === 'photo' ? 'a' : '', origin: { kind: 'post' as const, channelId: id, msgId } };
    await stage.world.clock.advance(RIGHT_KEPT_MS);
    return errorOf(stage.world.domain.files.accessSource(viewerId, name));
  };

  const filesOf = async (pollId: bigint): Promise<bigint[]> => (await stage.world.db.q.selectFrom('poll_files').select('document_id').where('poll_id', '=', pollId).execute()).map((row) => row.document_id);
  const exist = async (...ids: bigint[]): Promise<boolean[]> => {
    const found = new Set((await stage.world.db.q.selectFrom('documents').select('document_id').where('document_id', 'in', ids).execute()).map((row) => row.document_id));
    return ids.map((id) => found.has(id));
  };
  const collect = async (): Promise<void> => {
    await stage.runJob('collect-files');
    await stage.world.clock.advance((WEEK_S + 86_400) * 1000);
    await stage.runJob('collect-files');
    await stage.world.runJobs();
  };

  it('are loaded by those who may read a message with the poll, also by a forward of it, and by nobody else', async () => {
    const media = await create(pollInput({ attached: await document(), answer: await photo() }));
    const msgId = await post(media);
    const shown = await resultsOf(bob, msgId);
    expect(await load(bob, mediaAt(shown.poll, 0))).toBe(500);
    expect(await errorOf(load(outsider, mediaAt(shown.poll, 0)))).toBe('FILE_REFERENCE_EXPIRED');
    const [fileId, photoId] = [idOf(media.attached_media), idOf(mediaAt(media.poll, 0))];
    expect(await mayRead(bob, fileId, msgId, { kind: 'document' })).toBe('no error');
    expect(await mayRead(bob, fileId, await post({ ...media, attached_media: undefined }), { kind: 'document' })).toBe('no error');
    expect(await mayRead(bob, photoId, await post(await create(pollInput({}))))).toBe('FILE_REFERENCE_EXPIRED');
    const elsewhere = await createGroup();
    const forwarded = await post(media, { id: elsewhere, actorId: bob });
    expect(await mayRead(bob, photoId, forwarded, { id: elsewhere })).toBe('no error');
    await at().posts.doDelete(by(alice), [msgId]);
    expect(await mayRead(bob, photoId, msgId)).toBe('FILE_REFERENCE_EXPIRED');
    expect(await mayRead(bob, photoId, forwarded, { id: elsewhere })).toBe('no error');
  });

  it('of the solution of a quiz are shown and loaded once somebody has voted, or the quiz is closed', async () => {
    const media = await create(pollInput({ solution: await photo() }, { quiz: true }));
    expect(media.results.solution_media).toBeUndefined();
    const msgId = await post(media);
    const [photoId] = await filesOf(media.poll.id);
    expect((await resultsOf(bob, msgId)).results.solution_media).toBeUndefined();
    expect([await mayRead(bob, photoId!, msgId), await mayRead(alice, photoId!, msgId)]).toEqual(['FILE_REFERENCE_EXPIRED', 'FILE_REFERENCE_EXPIRED']);
    const { polls } = stage.world.domain;
    await polls.doVote({ viewerId: bob, peerId: peerIdOf(), msgId, options: [option(1)] });
    expect(await load(bob, (await resultsOf(bob, msgId)).results.solution_media)).toBe(500);
    expect(await mayRead(alice, photoId!, msgId)).toBe('FILE_REFERENCE_EXPIRED');
    await stage.world.db.transact('close', (tx) => polls.closeIn(tx, media, { actorId: alice }));
    expect(await load(alice, (await resultsOf(alice, msgId)).results.solution_media)).toBe(500);
  });

  it('go a week after the last message with the poll, or with their answer', async () => {
    const media = await create(pollInput({ attached: await document(), answer: await photo() }));
    const [first, second] = [await post(media), await post(media)];
    const [fileId, photoId] = [idOf(media.attached_media), idOf(mediaAt(media.poll, 0))];
    await at().posts.doDelete(by(alice), [first]);
    await collect();
    expect(await exist(fileId, photoId)).toEqual([true, true]);
    await at().posts.doDelete(by(alice), [second]);
    await collect();
    expect(await filesOf(media.poll.id)).toEqual([]);
    expect(await exist(fileId, photoId)).toEqual([false, false]);

    const open = await create(pollInput({ attached: await photo() }, { open_answers: true }));
    const msgId = await post(open);
    const change = (actorId: bigint, wanted: AnswerChange) => at().posts.doAct({ ...by(actorId), msgId, act: { of: 'answers', change: wanted } });
    const answer: tl.inputPollAnswer = { _: 'inputPollAnswer', text: words('other'), media: await photo(bob) };
    const { updates } = await change(bob, { kind: 'add', answer, media: await makeAnswerMedia(answer, (input) => makeMedia(bob, input)) });
    expect(updates).toMatchObject([{ message: { action: { _: 'messageActionPollAppendAnswer', answer: { text: { text: 'other' }, media: undefined } } } }]);
    const added = mediaAt((await resultsOf(alice, msgId)).poll, 2);
    expect(await load(alice, added)).toBe(500);
    await change(bob, { kind: 'delete', option: option(2) });
    expect(await mayRead(alice, idOf(added), msgId)).toBe('FILE_REFERENCE_EXPIRED');
    await collect();
    expect(await exist(idOf(added), idOf(open.attached_media))).toEqual([false, true]);
  });

  it('of a poll whose message was refused are unsent, and those of a copy are kept by the copy', async () => {
    const media = await create(pollInput({ answer: await photo() }));
    const photoId = idOf(mediaAt(media.poll, 0));
    const copy = await stage.world.db.transact('copy', (tx) => stage.world.domain.polls.copyIn(tx, media, { senderId: alice, laterS: 60 }));
    await stage.world.domain.polls.doDropUnsent(media.poll.id);
    expect([await filesOf(media.poll.id), await filesOf(copy.poll.id)]).toEqual([[], [photoId]]);
    await post(copy);
    await collect();
    await collect();
    expect(await exist(photoId)).toEqual([true]);
  });

  it('of a protected message are not sent once more, and a poll cannot bring protected files along', async () => {
    const media = await create(pollInput({ answer: await photo() }));
    const msgId = await post(media);
    const shown = mediaAt((await resultsOf(bob, msgId)).poll, 0) as tl.messageMediaPhoto;
    const { id, access_hash, file_reference } = shown.photo as tl.photo;
    const again: tl.inputMediaPhoto = { _: 'inputMediaPhoto', id: { _: 'inputPhoto', id, access_hash, file_reference } };
    expect(idOf(mediaAt((await create(pollInput({ answer: again }))).poll, 0))).toBe(id);
    await at().settings.doSetProtection(by(alice), true);
    await stage.world.clock.advance(RIGHT_KEPT_MS);
    expect(await errorOf(create(pollInput({ answer: again })))).toBe('CHAT_FORWARDS_RESTRICTED');
    await at().settings.doSetProtection(by(alice), false);
  });

  it('need the rights to send such files', async () => {
    const id = await createGroup();
    await at(id).settings.doEditDefaultRights(by(alice), { _: 'chatBannedRights', send_photos: true, until_date: 0 });
    const [withPhoto, withFile] = [await create(pollInput({ answer: await photo() })), await create(pollInput({ attached: await document() }, { open_answers: true }))];
    expect(await errorOf(post(withPhoto, { actorId: bob, id }))).toBe('CHAT_SEND_PHOTOS_FORBIDDEN');
    await post(withFile, { actorId: bob, id });
    const answer: tl.inputPollAnswer = { _: 'inputPollAnswer', text: words('x'), media: await photo(bob) };
    const change = { kind: 'add' as const, answer, media: await makeMedia(bob, answer.media!) };
    const msgId = await post(withFile, { id });
    expect(await errorOf(at(id).posts.doAct({ ...by(bob), msgId, act: { of: 'answers', change } }))).toBe('CHAT_SEND_PHOTOS_FORBIDDEN');
  });

  it('need these rights also by a forward of the poll, or when it was scheduled before', async () => {
    const id = await createGroup();
    const peer = await channelPeer(bob, id);
    const quiz = async (): Promise<tl.messageMediaPoll> => create(pollInput({ solution: await photo() }, { quiz: true }));
    const open = await create(pollInput({}, { open_answers: true }));
    const openId = await post(open);
    const answer: tl.inputPollAnswer = { _: 'inputPollAnswer', text: words('x'), media: await photo(bob) };
    await at().posts.doAct({ ...by(bob), msgId: openId, act: { of: 'answers', change: { kind: 'add', answer, media: await makeMedia(bob, answer.media!) } } });
    const date = stage.world.clock.now() + 60;
    const scheduled = await stage.world.domain.scheduled.doSchedule(peer, { senderId: bob, parts: [{ randomId: stage.nextId(), text: '', flags: 0, extra: { media: await quiz() } }], reply: undefined, origin: ORIGIN }, { date, repeatPeriod: undefined });
    await at(id).settings.doEditDefaultRights(by(alice), { _: 'chatBannedRights', send_photos: true, until_date: 0 });
    const forward = async (msgId: number): Promise<PostRow[]> => {
      const wanted = { ownerId: bob, toPeerId: peer.peerId, msgIds: [msgId], randomIds: [stage.nextId()], silent: false, noforwards: false, dropAuthor: false, dropCaptions: false };
      const parts = await stage.world.domain.forwards.prepare(await channelPeer(bob, channelId), wanted);
      return at(id).posts.doSend({ ...by(bob), parts, reply: undefined, signature: '' });
    };
    expect(await errorOf(forward(await post(await create(pollInput({})))))).toBe('no error');
    expect(await errorOf(forward(await post(await quiz())))).toBe('CHAT_SEND_PHOTOS_FORBIDDEN');
    // What others add where the poll was made, also later, is shown elsewhere without media.
    const [forwarded] = await forward(openId);
    const { polls, messageFiller } = stage.world.domain;
    const message = projectPost(forwarded!, alice) as tl.message;
    await messageFiller.fill([message], alice);
    const pushed: tl.updateMessagePoll[] = [];
    using _ = onChannelHint(stage.world.bus, peer.peerId, (hint) => void (hint.kind === 'transient' && pushed.push(hint.update as tl.updateMessagePoll)));
    await at().posts.doAct({ ...by(alice), msgId: openId, act: { of: 'answers', change: { kind: 'delete', option: option(0) } } });
    await polls.flush();
    const inGroup = [(message.media as tl.messageMediaPoll).poll.answers[2], (await resultsOf(bob, forwarded!.msg_id, id)).poll?.answers[1], pushed[0]?.poll?.answers[1]];
    for (const shown of inGroup) expect(shown).toMatchObject({ text: { text: 'x' }, media: undefined });
    expect(await load(alice, mediaAt((await resultsOf(alice, openId)).poll, 1))).toBe(500);
    expect(await errorOf(stage.world.domain.scheduled.doSendNow(peer, bob, [scheduled[0]!.msg_id], ORIGIN))).toBe('CHAT_SEND_PHOTOS_FORBIDDEN');
  });

  it('count for the limit of unsent files once the last message with the poll is deleted', async () => {
    const remains = async (): Promise<number> => (await stage.world.db.q.selectFrom('file_releases').select('document_id').where('uploader_id', '=', alice).where('document_id', '=', photoId).execute()).length;
    const media = await create(pollInput({ answer: await photo() }));
    const photoId = idOf(mediaAt(media.poll, 0));
    const msgId = await post(media);
    await stage.world.db.transact('forget', (tx) => tx.q.updateTable('file_releases').set({ uploader_id: null }).where('uploader_id', '=', alice).execute());
    await at().posts.doDelete(by(alice), [msgId]);
    expect(await remains()).toBe(1);
  });

  it('are places, photos and files; beside an answer only what has a picture', async () => {
    const place: tl.inputMediaGeoPoint = { _: 'inputMediaGeoPoint', geo_point: { _: 'inputGeoPoint', lat: 1, long: 2 } };
    expect(mediaAt((await create(pollInput({ answer: place }))).poll, 0)).toMatchObject({ _: 'messageMediaGeo', geo: { lat: 1, long: 2 } });
    const voice: tl.documentAttributeAudio = { _: 'documentAttributeAudio', voice: true, duration: 1 };
    const video: tl.documentAttributeVideo = { _: 'documentAttributeVideo', duration: 1, w: 10, h: 10 };
    expect((await create(pollInput({ answer: await document(video) }))).poll.answers[0]).toMatchObject({ media: { _: 'messageMediaDocument' } });
    const documents = async (): Promise<number> => (await stage.world.db.q.selectFrom('documents').select('document_id').execute()).length;
    const refused: WantedMedia[] = [
      { answer: await document() },
      { answer: await document(voice) },
      { attached: await document(voice) },
      { attached: await document({ ...video, round_message: true }) },
    ];
    for (const wanted of refused) expect(await errorOf(create(pollInput(wanted)))).toBe('MEDIA_INVALID');
    const before = await documents();
    const never: tl.InputMedia[] = [{ _: 'inputMediaEmpty' }, { _: 'inputMediaDice', emoticon: '🎲' }, { _: 'inputMediaPhotoExternal', url: 'https://example.org/a.jpg' }, pollInput({}), { _: 'inputMediaGeoLive', geo_point: place.geo_point, period: 60 }];
    for (const media of never) expect(await errorOf(create(pollInput({ attached: await photo(), answer: media })))).toBe('MEDIA_INVALID');
    expect(await errorOf(create(pollInput({ solution: await photo() })))).toBe('MEDIA_INVALID');
    expect(await errorOf(create(pollInput({ attached: { ...(await photo()), ttl_seconds: 5 } })))).toBe('TTL_MEDIA_INVALID');
    const stored: tl.PollAnswer = { _: 'pollAnswer', text: words('a'), option: option(0), media: { _: 'messageMediaGeo', geo: { _: 'geoPointEmpty' } } };
    expect(await errorOf(create(pollInput({}, { answers: [stored] })))).toBe('MEDIA_INVALID');
    expect(await documents()).toBe(before);
  });
});
