// Keyboards of bots as clients of older layers see them, and as older programs stored them. Up to layer 228 one type of button served both keyboards.
import { LAYERS } from '@aerogram/tl-codegen';
import { codecFor, storedDecode, storedEncode } from '@aerogram/tl-compat';
import type { tl } from '@aerogram/tl';
import { describe, expect, it } from 'vitest';
import { SchemaReader } from './schema-reader.ts';
import { loadSchema } from './schemas.ts';

const url = 'https://example.org/';
const data = Uint8Array.of(1, 2);
const user: tl.requestPeerTypeUser = { _: 'requestPeerTypeUser', bot: false };
const bot: tl.inputUserSelf = { _: 'inputUserSelf' };
const style: tl.keyboardButtonStyle = { _: 'keyboardButtonStyle', bg_danger: true };

/** A button: its type, the old constructor with its fields, and the first known layer that has it. */
type Row<Type> = readonly [type: Type, was: { _: string } & Record<string, unknown>, since?: number];

const KEYS: readonly Row<tl.ButtonType>[] = [
  [{ _: 'buttonTypeDefault' }, { _: 'keyboardButton' }],
  [{ _: 'buttonTypeRequestPhone' }, { _: 'keyboardButtonRequestPhone' }],
  [{ _: 'buttonTypeRequestGeoLocation' }, { _: 'keyboardButtonRequestGeoLocation' }],
  [{ _: 'buttonTypeRequestPoll', quiz: true }, { _: 'keyboardButtonRequestPoll', quiz: true }],
  [{ _: 'buttonTypeRequestPeer', button_id: 3, peer_type: user, max_quantity: 1 }, { _: 'keyboardButtonRequestPeer', button_id: 3, peer_type: user }, 152],
  [{ _: 'inputButtonTypeRequestPeer', name_requested: true, button_id: 3, peer_type: user, max_quantity: 2 }, { _: 'inputKeyboardButtonRequestPeer', name_requested: true, max_quantity: 2 }, 181],
  [{ _: 'buttonTypeSimpleWebView', url }, { _: 'keyboardButtonSimpleWebView', url }],
];

const BELOW: readonly Row<tl.InlineButtonType>[] = [
  [{ _: 'inlineButtonTypeUrl', url }, { _: 'keyboardButtonUrl', url }],
  [{ _: 'inlineButtonTypeUrlAuth', fwd_text: 'f', url, button_id: 4 }, { _: 'keyboardButtonUrlAuth', fwd_text: 'f', url, button_id: 4 }],
  [{ _: 'inputInlineButtonTypeUrlAuth', request_write_access: true, url, bot }, { _: 'inputKeyboardButtonUrlAuth', request_write_access: true, url, bot }],
  [{ _: 'inlineButtonTypeWebView', url }, { _: 'keyboardButtonWebView', url }],
  [{ _: 'inlineButtonTypeCallback', requires_password: true, data }, { _: 'keyboardButtonCallback', requires_password: true, data }],
  [{ _: 'inlineButtonTypeGame' }, { _: 'keyboardButtonGame' }],
  [{ _: 'inlineButtonTypeBuy' }, { _: 'keyboardButtonBuy' }],
  [{ _: 'inlineButtonTypeSwitchInline', same_peer: true, query: 'q' }, { _: 'keyboardButtonSwitchInline', same_peer: true, query: 'q' }],
  [{ _: 'inlineButtonTypeUserProfile', user_id: 8n }, { _: 'keyboardButtonUserProfile', user_id: 8n }],
  [{ _: 'inputInlineButtonTypeUserProfile', user_id: bot }, { _: 'inputKeyboardButtonUserProfile', user_id: bot }],
  [{ _: 'inlineButtonTypeCopy', copy_text: 'c' }, { _: 'keyboardButtonCopy', copy_text: 'c' }, 189],
];

const keys: tl.replyKeyboardMarkup = { _: 'replyKeyboardMarkup', resize: true, rows: KEYS.map(([type]) => ({ _: 'keyboardButtonRow', buttons: [{ _: 'keyboardButton', text: 't', style, type }] })) };
const below: tl.replyInlineMarkup = {
  _: 'replyInlineMarkup',
  rows: [
    ...BELOW.map(([type]): tl.keyboardInlineButtonRow => ({ _: 'keyboardInlineButtonRow', buttons: [{ _: 'keyboardInlineButton', text: 't', style, type }] })),
    { _: 'keyboardInlineButtonRow', buttons: [{ _: 'keyboardInlineButton', text: 'off', type: { _: 'inlineButtonTypeDisabled' } }] },
  ],
};

/** What a client of a layer reads, with nothing but the schema of its layer. */
function readAt(layer: number, value: tl.AnyObject): unknown {
  const reader = new SchemaReader(loadSchema(layer), codecFor(layer).encode(value));
  const read = reader.boxed();
  expect(reader.left).toBe(0);
  return read;
}

/** The rows that a client of a layer is to see: colours came with layer 223. */
function rowsAt(layer: number, buttons: readonly Row<unknown>[]): object[] {
  return buttons.map(([, was, since = 0]) => ({ _: 'keyboardButtonRow', buttons: layer < since ? [] : [{ ...was, text: 't', ...(layer >= 223 ? { style } : {}) }] }));
}

describe.each(LAYERS.slice(1))('at layer %i', (layer) => {
  const message: tl.message = { _: 'message', id: 1, peer_id: { _: 'peerUser', user_id: 7n }, date: 2, message: 'm' };

  it.each(['updateNewMessage', 'updateEditMessage', 'updateNewChannelMessage', 'updateEditChannelMessage'] as const)('%s has the old buttons', (_) => {
    const update = (reply_markup: tl.ReplyMarkup): tl.updates => ({ _: 'updates', updates: [{ _, message: { ...message, reply_markup }, pts: 1, pts_count: 1 }], users: [], chats: [], date: 3, seq: 0 });
    expect(readAt(layer, update(keys))).toMatchObject({ updates: [{ message: { reply_markup: { _: 'replyKeyboardMarkup', resize: true, rows: rowsAt(layer, KEYS) } } }] });
    const emptied = { _: 'keyboardButtonRow', buttons: [] };
    expect(readAt(layer, update(below))).toMatchObject({ updates: [{ message: { reply_markup: { _: 'replyInlineMarkup', rows: [...rowsAt(layer, BELOW), emptied] } } }] });
  });
});

/** Bytes that the program of layer 228 stored, layer before and all. */
const STORED_BELOW = 'e4005402a34815c4b51c0b000000838b607715c4b51c01000000ec250cd8000400003034dd4f02000000017400001468747470733a2f2f6578616d706c652e6f72672f000000838b607715'
  + 'c4b51c01000000f90610f5010400003034dd4f0200000001740000016600001468747470733a2f2f6578616d706c652e6f72672f00000004000000838b607715c4b51c01000000723e0168'
  + '010400003034dd4f02000000017400001468747470733a2f2f6578616d706c652e6f72672f0000003fb1c1f7838b607715c4b51c01000000a0b146e8000400003034dd4f02000000017400'
  + '001468747470733a2f2f6578616d706c652e6f72672f000000838b607715c4b51c0100000060c92be6010400003034dd4f020000000174000002010200838b607715c4b51c01000000f990'
  + 'c589000400003034dd4f0200000001740000838b607715c4b51c010000000539a53f000400003034dd4f0200000001740000838b607715c4b51c01000000fc991399010400003034dd4f02'
  + '0000000174000001710000838b607715c4b51c01000000095dfdc0000400003034dd4f02000000017400000800000000000000838b607715c4b51c01000000c7075e7d000400003034dd4f'
  + '02000000017400003fb1c1f7838b607715c4b51c0100000010afc4bc000400003034dd4f020000000174000001630000';
const STORED_KEYS = 'e400d199dd850100000015c4b51c07000000838b607715c4b51c01000000ff0c177d000400003034dd4f0200000001740000838b607715c4b51c010000008ffd7e41000400003034dd4f02'
  + '00000001740000838b607715c4b51c010000004df940aa000400003034dd4f0200000001740000838b607715c4b51c0100000082d7117a010400003034dd4f02000000b575729901740000'
  + '838b607715c4b51c01000000f5150f5b000400003034dd4f020000000174000003000000008a3b5f01000000379779bc01000000838b607715c4b51c010000005681b702010400003034dd'
  + '4f020000000174000003000000008a3b5f01000000379779bc02000000838b607715c4b51c0100000070435ce1000400003034dd4f02000000017400001468747470733a2f2f6578616d70'
  + '6c652e6f72672f000000';

describe('keyboards that a program of layer 228 stored', () => {
  it.each([
    ['below a message', { ...below, rows: below.rows.slice(0, BELOW.length) }, STORED_BELOW],
    ['in place of keys', keys, STORED_KEYS],
  ])('%s are read with their buttons, and stored so that it reads them', (_title, markup, stored) => {
    expect(storedDecode(Buffer.from(stored, 'hex'))).toEqual(markup);
    expect(Buffer.from(storedEncode(markup)).toString('hex')).toBe(stored);
  });
});
