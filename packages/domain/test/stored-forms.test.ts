import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';
import { describe, expect, test } from 'vitest';

import { type MessageExtra, packMessageExtra, unpackMessageExtra } from '../src/events/message-extra.ts';
import { MessageFlag } from '../src/events/message-row.ts';
import { LogKind } from '../src/events/update-log-store.ts';

const GEO = { _: 'geoPoint', lat: 59.5, long: 30.25, access_hash: 77n, accuracy_radius: 20 } as const;
const PAGE = { _: 'webPage', id: 5n, url: 'https://example.org/a', display_url: 'example.org/a', hash: 9, type: 'article', site_name: 'Site', title: 'Title', description: 'Text', author: 'Me' } as const;

const DOCUMENT: tl.document = {
  _: 'document', id: 82n, access_hash: 0n, file_reference: new Uint8Array(), date: 1_750_000_000, mime_type: 'audio/ogg', size: 3_000_000_000n, dc_id: 2,
  attributes: [
    { _: 'documentAttributeFilename', file_name: 'naïve.ogg' },
    { _: 'documentAttributeAudio', voice: true, duration: 7, title: 'T', waveform: Uint8Array.of(1, 2) },
    { _: 'documentAttributeVideo', supports_streaming: true, duration: 1.5, w: 640, h: 360 },
    { _: 'documentAttributeImageSize', w: 3, h: 4 },
    { _: 'documentAttributeAnimated' },
  ],
};

/**
 * Bytes as they are stored in databases. They must stay readable forever: if a change alters the bytes on the left, stored messages are
 * lost.
 */
const EXTRAS: Record<string, MessageExtra> = {
  '010e0000e400c90b61bd000000000300000001220000e40027d3a67604000000020000001368747470733a2f2f6578616d706c652e6f7267':
    { entities: [{ _: 'messageEntityBold', offset: 0, length: 3 }, { _: 'messageEntityTextUrl', offset: 4, length: 2, url: 'https://example.org' }] },
  '01160000e40040117bdc0100000002000000f8fcffffff00000001120000e400acaaccf1010000000400000009000000':
    { entities: [{ _: 'messageEntityMentionName', offset: 1, length: 2, user_id: 1_099_511_627_000n }, { _: 'messageEntityBlockquote', collapsed: true, offset: 4, length: 9 }] },
  '03320000e40066dd971bc00600000cd0bfd180d0b8d0b2d0b5d18200000015c4b51c01000000608b6f82000000000600000007000000':
    { replyTo: { _: 'messageReplyHeader', quote: true, quote_text: 'привет', quote_entities: [{ _: 'messageEntityItalic', offset: 0, length: 6 }], quote_offset: 7 } },
  '042a0000e400bbf44d4e1108000022175159090000000000000080e14e682217515908000000000000004d000000':
    { fwdFrom: { _: 'messageFwdHeader', saved_out: true, from_id: { _: 'peerUser', user_id: 9n }, date: 1_750_000_000, saved_from_peer: { _: 'peerUser', user_id: 8n }, saved_from_msg_id: 77 } },
  '010e0000e4007105a228000000000100000004160000e400bbf44d4e2000000005416c696365000080e14e68':
    { fwdFrom: { _: 'messageFwdHeader', from_name: 'Alice', date: 1_750_000_000 }, entities: [{ _: 'messageEntityCode', offset: 0, length: 1 }] },
  '05060000e40004b6ba9f':
    { action: { _: 'messageActionHistoryClear' } },
  '022a0000e40074d4e05663f6a2b2010000000000000000403e400000000000c04d404d0000000000000014000000':
    { media: { _: 'messageMediaGeo', geo: GEO } },
  '023a0000e40066c640b90300000063f6a2b2010000000000000000403e400000000000c04d404d00000000000000140000005a0000008403000032000000':
    { media: { _: 'messageMediaGeoLive', geo: GEO, heading: 90, period: 900, proximity_notification_radius: 50 } },
  '02520000e4003f53c02e63f6a2b2010000000000000000403e400000000000c04d404d000000000000001400000005436166c3a90000074d61696e2053740a666f7572737175617265000176000004666f6f64000000':
    { media: { _: 'messageMediaVenue', geo: GEO, title: 'Café', address: 'Main St', provider: 'foursquare', venue_id: 'v', venue_type: 'food' } },
  '022a0000e400492932700b3135353530303031313131045a6fc3ab00000001510000000000000900000000000000':
    { media: { _: 'messageMediaContact', phone_number: '15550001111', first_name: 'Zoë', last_name: 'Q', vcard: '', user_id: 9n } },
  '02160000e40007eccb08000000000400000004f09f8eb2000000':
    { media: { _: 'messageMediaDice', value: 4, emoticon: '🎲' } },
  '026a0000e4003b0cf1dd19000000b2459ce80f01000005000000000000001568747470733a2f2f6578616d706c652e6f72672f6100000d6578616d706c652e6f72672f610000090000000761727469636c650453697465000000055469746c6500000454657874000000024d6500':
    { media: { _: 'messageMediaWebPage', manual: true, safe: true, force_large_media: true, webpage: PAGE } },
  '02360000e4003b0cf1dd00000000473ed1b00100000005000000000000001568747470733a2f2f6578616d706c652e6f72672f61000080e14e68':
    { media: { _: 'messageMediaWebPage', webpage: { _: 'webPagePending', id: 5n, url: 'https://example.org/a', date: 1_750_000_000 } } },
  '02960000e400d9ccd85211010000d8c4d48f00000000520000000000000000000000000000000000000080e14e6809617564696f2f6f67670000005ed0b2000000000200000015c4b51c05000000680059150a6e61c3af76652e6f676700c6f9529805040000070000000154000002010200487cc54302000000000000000000f83f80020000680100005cc1376c03000000040000003989b511':
    { media: { _: 'messageMediaDocument', spoiler: true, voice: true, document: DOCUMENT } },
};

const LOGGED: Record<string, tl.AnyObject> = {
  'e400b2459ce80f01000005000000000000001568747470733a2f2f6578616d706c652e6f72672f6100000d6578616d706c652e6f72672f610000090000000761727469636c650453697465000000055469746c6500000454657874000000024d6500':
    PAGE,
  'e4001312897f88171a210100000005000000000000001568747470733a2f2f6578616d706c652e6f72672f6100000c00000001000000':
    { _: 'updateWebPage', webpage: { _: 'webPageEmpty', id: 5n, url: 'https://example.org/a' }, pts: 12, pts_count: 1 },
  'e40099bc849e0000000022175159050000000000000006000000070000000800000001000000':
    { _: 'updateReadHistoryInbox', peer: { _: 'peerUser', user_id: 5n }, max_id: 6, still_unread_count: 7, pts: 8, pts_count: 1 },
  'e400bf212f2f221751590500000000000000060000000800000001000000':
    { _: 'updateReadHistoryOutbox', peer: { _: 'peerUser', user_id: 5n }, max_id: 6, pts: 8, pts_count: 1 },
  'e400e5b00da215c4b51c030000000100000002000000030000000a00000003000000':
    { _: 'updateDeleteMessages', messages: [1, 2, 3], pts: 10, pts_count: 3 },
  'e400817122f80100000015c4b51c01000000040000000b0000000100000080e14e68':
    { _: 'updateReadMessagesContents', messages: [4], pts: 11, pts_count: 1, date: 1_750_000_000 },
  'e4001ce56f6e0100000005bf6de5221751590500000000000000':
    { _: 'updateDialogPinned', pinned: true, peer: { _: 'dialogPeer', peer: { _: 'peerUser', user_id: 5n } } },
  'e400a23c0ffa0100000015c4b51c0100000005bf6de5221751590500000000000000':
    { _: 'updatePinnedDialogs', order: [{ _: 'dialogPeer', peer: { _: 'peerUser', user_id: 5n } }] },
  'e4003ef258b60100000005bf6de5221751590500000000000000':
    { _: 'updateDialogUnreadMark', unread: true, peer: { _: 'dialogPeer', peer: { _: 'peerUser', user_id: 5n } } },
  'e4001e11fced000000002217515905000000000000001a840c1b0100000080e14e68':
    { _: 'updateDraftMessage', peer: { _: 'peerUser', user_id: 5n }, draft: { _: 'draftMessageEmpty', date: 1_750_000_000 } },
  'e4009432fe601a000000c2b7d43b00000000030000000b68616c6620612074686f7515c4b51c01000000c90b61bd000000000400000080e14e68':
    { _: 'draftMessage', no_webpage: true, reply_to: { _: 'inputReplyToMessage', reply_to_msg_id: 3 }, message: 'half a thou', entities: [{ _: 'messageEntityBold', offset: 0, length: 4 }], date: 1_750_000_000 },
};

/** Bodies in the table of documents. */
const DOCUMENTS: Record<string, tl.document> = {
  'e400d8c4d48f00000000520000000000000000000000000000000000000080e14e6809617564696f2f6f67670000005ed0b2000000000200000015c4b51c05000000680059150a6e61c3af76652e6f676700c6f9529805040000070000000154000002010200487cc54302000000000000000000f83f80020000680100005cc1376c03000000040000003989b511':
    DOCUMENT,
};

const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

describe('stored bytes (rule S12)', () => {
  test.each(Object.entries(EXTRAS))('of the extra of a message: %s', (hex, extra) => {
    expect(unpackMessageExtra(fromHex(hex))).toMatchObject(extra);
    expect(unpackMessageExtra(packMessageExtra(extra))).toMatchObject(extra);
  });

  test.each(Object.entries(LOGGED))('of the update log and of drafts: %s', (hex, object) => {
    expect(storedDecode(fromHex(hex))).toMatchObject(object);
    expect(storedDecode(storedEncode(object))).toMatchObject(object);
  });

  test.each(Object.entries(DOCUMENTS))('of a document: %s', (hex, document) => {
    expect(storedDecode(fromHex(hex))).toMatchObject(document);
    expect(Buffer.from(storedEncode(document)).toString('hex')).toBe(hex);
  });

  test('stored numbers keep their meaning', () => {
    expect(MessageFlag).toMatchObject({
      out: 1,
      silent: 2,
      noforwards: 4,
      mediaUnread: 8,
      mentioned: 16,
      service: 32,
      editHide: 64,
      invertMedia: 128,
      noWebpage: 256,
      pinned: 512,
      historyClear: 1024,
    });
    expect(LogKind).toEqual({ update: 1, edit: 2 });
  });
});
