import type { tl } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';

import { documentIdsIn, documentIdsInside, documentIdsOf, thumbIdOf } from '../src/documents/index.ts';
import { type FileFill, fillMedia, hasCaption, isText, keptIn, mediaKindOf, roleOf } from '../src/content/index.ts';
import { packMessageExtra } from '../src/events/index.ts';
import type { ScheduledRow } from '../src/messages/index.ts';
import { describeUnsent } from '../src/scheduled/describe-unsent.ts';

const VIDEO: tl.DocumentAttribute = { _: 'documentAttributeVideo', duration: 1, w: 2, h: 2 };
const AUDIO: tl.DocumentAttribute = { _: 'documentAttributeAudio', duration: 1 };
const STICKER: tl.DocumentAttribute = { _: 'documentAttributeSticker', alt: '🙂', stickerset: { _: 'inputStickerSetEmpty' } };
const ANIMATED: tl.DocumentAttribute = { _: 'documentAttributeAnimated' };
const words = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] });
const geo: tl.geoPoint = { _: 'geoPoint', lat: 1, long: 2, access_hash: 0n };

function photoOf(id: bigint): tl.photo {
  return { _: 'photo', id, access_hash: 0n, file_reference: new Uint8Array(), date: 1, sizes: [], dc_id: 1 };
}

function documentOf(id: bigint, attributes: tl.DocumentAttribute[] = [], more: Partial<tl.document> = {}): tl.document {
  return { _: 'document', id, access_hash: 0n, file_reference: new Uint8Array(), date: 1, mime_type: 'video/mp4', size: 1n, dc_id: 1, attributes, ...more };
}

const file = (...attributes: tl.DocumentAttribute[]): tl.messageMediaDocument => ({ _: 'messageMediaDocument', document: documentOf(5n, attributes) });

const poll: tl.messageMediaPoll = {
  _: 'messageMediaPoll',
  poll: {
    _: 'poll',
    id: 70n,
    question: words('Which?'),
    answers: [{ _: 'pollAnswer', text: words('this'), option: new Uint8Array([48]), media: { _: 'messageMediaPhoto', photo: photoOf(71n) } }, { _: 'pollAnswer', text: words('that'), option: new Uint8Array([49]) }],
    hash: 0n,
  },
  results: { _: 'pollResults', solution_media: { _: 'messageMediaPhoto', photo: photoOf(72n) } },
  attached_media: { _: 'messageMediaDocument', document: documentOf(73n) },
};

const row = (media: tl.MessageMedia | undefined): ScheduledRow =>
  ({ owner_id: 1n, peer_id: 2n, msg_id: 3, text: '', extra: packMessageExtra({ media }), schedule_date: 1_700_000_000, repeat_period: null }) as unknown as ScheduledRow;

describe('the notice about a scheduled message that was not sent', () => {
  test.each<[string, tl.MessageMedia | undefined]>([
    ['A photo', { _: 'messageMediaPhoto', photo: photoOf(5n) }],
    ['A sticker', file(STICKER, { _: 'documentAttributeImageSize', w: 512, h: 512 })],
    ['A GIF', file(VIDEO, ANIMATED)],
    ['A video', file(VIDEO)],
    ['A video message', file({ ...VIDEO, round_message: true })],
    ['A voice message', file({ ...AUDIO, voice: true })],
    ['An audio file', file(AUDIO)],
    ['A file', file({ _: 'documentAttributeFilename', file_name: 'a.txt' })],
    ['A contact', { _: 'messageMediaContact', phone_number: '1', first_name: 'A', last_name: '', vcard: '', user_id: 0n }],
    ['A location', { _: 'messageMediaGeo', geo }],
    ['A live location', { _: 'messageMediaGeoLive', geo, period: 60 }],
    ['A place', { _: 'messageMediaVenue', geo, title: 'Café', address: '', provider: '', venue_id: '', venue_type: '' }],
    ['🎲', { _: 'messageMediaDice', value: 0, emoticon: '🎲' }],
    ['A poll', poll],
    ['A checklist', { _: 'messageMediaToDo', todo: { _: 'todoList', title: words('Buy'), list: [] } }],
    ['A message without text', undefined],
  ])('calls it “%s”', (content, media) => {
    expect(describeUnsent(row(media), undefined, new Error('a fault')).text).toContain(`“${content}”`);
  });
});

describe('the role of a document', () => {
  test.each<[ReturnType<typeof roleOf>, tl.DocumentAttribute[]]>([
    ['sticker', [VIDEO, ANIMATED, STICKER]],
    ['gif', [ANIMATED, VIDEO]],
    ['gif', [VIDEO, ANIMATED]],
    ['video', [AUDIO, VIDEO]],
    ['video', [VIDEO, AUDIO]],
    ['round', [{ ...VIDEO, round_message: true }]],
    ['file', []],
  ])('is %s, whatever the order of its attributes', (role, attributes) => {
    expect(roleOf(attributes)).toBe(role);
  });
});

describe('a message with a link preview, or with empty media', () => {
  test.each<tl.MessageMedia>([{ _: 'messageMediaWebPage', webpage: { _: 'webPageEmpty', id: 1n } }, { _: 'messageMediaEmpty' }])('is a text: $_', (media) => {
    expect([isText(media), hasCaption(media)]).toEqual([true, false]);
  });

  test('is the only kind of text', () => {
    expect([isText(undefined), isText(poll), isText(file())]).toEqual([true, false, false]);
  });
});

describe('the files of a message', () => {
  test('are those of its media, of the message that it repeats, and of what a service message says', () => {
    const replyTo: tl.messageReplyHeader = { _: 'messageReplyHeader', reply_media: { _: 'messageMediaPhoto', photo: photoOf(6n) } };
    const cover = photoOf(8n);
    expect(documentIdsIn(packMessageExtra({ media: { ...file(VIDEO), video_cover: cover }, replyTo }))).toEqual([5n, 8n, 6n]);
    const wallpaper: tl.wallPaper = { _: 'wallPaper', id: 1n, access_hash: 0n, slug: 'x', document: documentOf(9n, [], { thumbs: [{ _: 'photoSize', type: 'm', w: 1, h: 1, size: 1 }] }) };
    expect(documentIdsIn(packMessageExtra({ action: { _: 'messageActionSetChatWallPaper', wallpaper } }))).toEqual([9n, thumbIdOf(9n)]);
    const peers: tl.RequestedPeer[] = [{ _: 'requestedPeerUser', user_id: 1n, photo: photoOf(10n) }, { _: 'requestedPeerUser', user_id: 2n }];
    expect(keptIn(packMessageExtra({ action: { _: 'messageActionRequestedPeerSentMe', button_id: 1, peers } })).files.map(({ id }) => id)).toEqual([10n]);
  });

  test('of a poll are kept by the poll, which the message names', () => {
    const extra = packMessageExtra({ media: poll });
    expect([documentIdsIn(extra), keptIn(extra).keepers, documentIdsOf(poll)]).toEqual([[70n], [70n], []]);
    expect(documentIdsInside(poll)).toEqual([73n, 72n, 71n]);
  });

  test('are filled wherever they stand in a poll', () => {
    const fill: FileFill = { photo: (photo) => ({ ...photo, access_hash: 7n }), document: (document) => ({ ...document, access_hash: 7n }), wallpaper: (wallpaper) => wallpaper, media: (media) => fillMedia(media, fill) };
    const filled = fillMedia(poll, fill);
    const { attached_media: attached, results, poll: { answers: [first] } } = filled;
    expect([attached, results.solution_media, first?._ === 'pollAnswer' ? first.media : undefined]).toMatchObject([{ document: { access_hash: 7n } }, { photo: { access_hash: 7n } }, { photo: { access_hash: 7n } }]);
  });
});

test('kinds that the server does not make are neither texts nor files', () => {
  const media: tl.MessageMedia = { _: 'messageMediaUnsupported' };
  const kind = mediaKindOf(media);
  expect([isText(media), hasCaption(media), kind.right(media), kind.filters(media), kind.elsewhere(media), kind.label(media)]).toEqual([false, false, 'send_plain', [], undefined, 'A message without text']);
});
