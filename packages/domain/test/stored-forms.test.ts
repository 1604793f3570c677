import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';
import { describe, expect, test } from 'vitest';

import { packMessageExtra, unpackMessageExtra } from '../src/messages/message-extra.ts';
import type { MessageExtra } from '../src/messages/message-extra.ts';
import { MessageFlag } from '../src/messages/message-row.ts';
import { LogKind } from '../src/updates/update-log-store.ts';

/** What stands in databases. Written once, read for ever: a change of the bytes on the left side is a lost message. */
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
};

const LOGGED: Record<string, tl.AnyObject> = {
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

const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

describe('stored bytes (STORAGE-RULES 12)', () => {
  test.each(Object.entries(EXTRAS))('of a message: %s', (hex, extra) => {
    expect(unpackMessageExtra(fromHex(hex))).toMatchObject(extra);
    expect(unpackMessageExtra(packMessageExtra(extra))).toMatchObject(extra);
  });

  test.each(Object.entries(LOGGED))('of the update log and of drafts: %s', (hex, object) => {
    expect(storedDecode(fromHex(hex))).toMatchObject(object);
    expect(storedDecode(storedEncode(object))).toMatchObject(object);
  });

  test('numbers keep their meaning', () => {
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
