// One case for each old form of a button: what a bot of an older layer sends, and what handlers get.
import type { tl } from '@aerogram/tl';
import type { LiftCase } from './golden-case.ts';

const self: tl.inputPeerSelf = { _: 'inputPeerSelf' };
const bot: tl.inputUser = { _: 'inputUser', user_id: 5n, access_hash: 6n };
const style: tl.keyboardButtonStyle = { _: 'keyboardButtonStyle', bg_danger: true, icon: 7n };
const user: tl.requestPeerTypeUser = { _: 'requestPeerTypeUser', bot: false };

const send = (layer: number, markup: object, becomes: tl.ReplyMarkup): LiftCase => ({
  layer,
  sent: { _: 'messages.sendMessage', peer: self, message: 'm', random_id: 1n, reply_markup: markup },
  becomes: { _: 'messages.sendMessage', peer: self, message: 'm', random_id: 1n, reply_markup: becomes },
});

/** A button of its own row: at layer 228 with colours, which 221 and below do not have. */
type Shown = { _: string } & Record<string, unknown>;
const faceOf = (layer: number): { text: string; style?: tl.keyboardButtonStyle } => (layer === 228 ? { text: 't', style } : { text: 't' });
const rowsOf = (layer: number, button: Shown): object[] => [{ _: 'keyboardButtonRow', buttons: [{ ...faceOf(layer), ...button }] }];

function key(layer: number, button: Shown, type: tl.ButtonType): LiftCase {
  return send(layer, { _: 'replyKeyboardMarkup', rows: rowsOf(layer, button) }, { _: 'replyKeyboardMarkup', rows: [{ _: 'keyboardButtonRow', buttons: [{ _: 'keyboardButton', style: undefined, ...faceOf(layer), type }] }] });
}

function below(layer: number, button: Shown, type: tl.InlineButtonType): LiftCase {
  return send(layer, { _: 'replyInlineMarkup', rows: rowsOf(layer, button) }, { _: 'replyInlineMarkup', rows: [{ _: 'keyboardInlineButtonRow', buttons: [{ _: 'keyboardInlineButton', style: undefined, ...faceOf(layer), type }] }] });
}

/** The two forms that most buttons had: with colours and without. GramJS reads layer 198, too. */
function both(newer: string, older: string, make: (layer: number) => LiftCase): Record<string, LiftCase> {
  return { [newer]: make(228), [older]: make(198) };
}

const data = Uint8Array.of(1, 2);
const url = 'https://example.org/';
const peer = { button_id: 3, peer_type: user, max_quantity: 2 };
const asked = { name_requested: true, username_requested: undefined, photo_requested: true, ...peer } as const;
const login = { request_write_access: true, fwd_text: 'f', url, bot } as const;

export const KEYBOARD_LIFT_CASES: Record<string, LiftCase> = {
  ...both('inputKeyboardButtonRequestPeer#02b78156', 'inputKeyboardButtonRequestPeer#c9662d05', (layer) => key(layer, { _: 'inputKeyboardButtonRequestPeer', ...asked }, { _: 'inputButtonTypeRequestPeer', ...asked })),
  ...both('inputKeyboardButtonUrlAuth#68013e72', 'inputKeyboardButtonUrlAuth#d02e7fd4', (layer) => below(layer, { _: 'inputKeyboardButtonUrlAuth', ...login }, { _: 'inputInlineButtonTypeUrlAuth', ...login })),
  ...both('inputKeyboardButtonUserProfile#7d5e07c7', 'inputKeyboardButtonUserProfile#e988037b', (layer) => below(layer, { _: 'inputKeyboardButtonUserProfile', user_id: bot }, { _: 'inputInlineButtonTypeUserProfile', user_id: bot })),
  ...both('keyboardButton#7d170cff', 'keyboardButton#a2fa4880', (layer) => key(layer, { _: 'keyboardButton' }, { _: 'buttonTypeDefault' })),
  ...both('keyboardButtonBuy#3fa53905', 'keyboardButtonBuy#afd93fbb', (layer) => below(layer, { _: 'keyboardButtonBuy' }, { _: 'inlineButtonTypeBuy' })),
  ...both('keyboardButtonCallback#e62bc960', 'keyboardButtonCallback#35bbdb6b', (layer) => below(layer, { _: 'keyboardButtonCallback', requires_password: true, data }, { _: 'inlineButtonTypeCallback', requires_password: true, data })),
  ...both('keyboardButtonCopy#bcc4af10', 'keyboardButtonCopy#75d2698e', (layer) => below(layer, { _: 'keyboardButtonCopy', copy_text: 'c' }, { _: 'inlineButtonTypeCopy', copy_text: 'c' })),
  ...both('keyboardButtonGame#89c590f9', 'keyboardButtonGame#50f41ccf', (layer) => below(layer, { _: 'keyboardButtonGame' }, { _: 'inlineButtonTypeGame' })),
  ...both('keyboardButtonRequestGeoLocation#aa40f94d', 'keyboardButtonRequestGeoLocation#fc796b3f', (layer) => key(layer, { _: 'keyboardButtonRequestGeoLocation' }, { _: 'buttonTypeRequestGeoLocation' })),
  'keyboardButtonRequestPeer#0d0b468c': key(152, { _: 'keyboardButtonRequestPeer', button_id: 2, peer_type: user }, { _: 'buttonTypeRequestPeer', button_id: 2, peer_type: user, max_quantity: 1 }),
  ...both('keyboardButtonRequestPeer#5b0f15f5', 'keyboardButtonRequestPeer#53d7bfd8', (layer) => key(layer, { _: 'keyboardButtonRequestPeer', ...peer }, { _: 'buttonTypeRequestPeer', ...peer })),
  ...both('keyboardButtonRequestPhone#417efd8f', 'keyboardButtonRequestPhone#b16a6c29', (layer) => key(layer, { _: 'keyboardButtonRequestPhone' }, { _: 'buttonTypeRequestPhone' })),
  ...both('keyboardButtonRequestPoll#7a11d782', 'keyboardButtonRequestPoll#bbc7515d', (layer) => key(layer, { _: 'keyboardButtonRequestPoll', quiz: true }, { _: 'buttonTypeRequestPoll', quiz: true })),
  ...both('keyboardButtonSimpleWebView#e15c4370', 'keyboardButtonSimpleWebView#a0c0505c', (layer) => key(layer, { _: 'keyboardButtonSimpleWebView', url }, { _: 'buttonTypeSimpleWebView', url })),
  'keyboardButtonSwitchInline#0568a748': below(152, { _: 'keyboardButtonSwitchInline', same_peer: true, query: 'q' }, { _: 'inlineButtonTypeSwitchInline', same_peer: true, query: 'q', peer_types: undefined }),
  ...both('keyboardButtonSwitchInline#991399fc', 'keyboardButtonSwitchInline#93b9fbb5', (layer) =>
    below(layer, { _: 'keyboardButtonSwitchInline', query: 'q', peer_types: [{ _: 'inlineQueryPeerTypePM' }] }, { _: 'inlineButtonTypeSwitchInline', same_peer: undefined, query: 'q', peer_types: [{ _: 'inlineQueryPeerTypePM' }] })),
  ...both('keyboardButtonUrl#d80c25ec', 'keyboardButtonUrl#258aff05', (layer) => below(layer, { _: 'keyboardButtonUrl', url }, { _: 'inlineButtonTypeUrl', url })),
  ...both('keyboardButtonUrlAuth#f51006f9', 'keyboardButtonUrlAuth#10b78d29', (layer) => below(layer, { _: 'keyboardButtonUrlAuth', fwd_text: 'f', url, button_id: 4 }, { _: 'inlineButtonTypeUrlAuth', fwd_text: 'f', url, button_id: 4 })),
  ...both('keyboardButtonUserProfile#c0fd5d09', 'keyboardButtonUserProfile#308660c1', (layer) => below(layer, { _: 'keyboardButtonUserProfile', user_id: 8n }, { _: 'inlineButtonTypeUserProfile', user_id: 8n })),
  ...both('keyboardButtonWebView#e846b1a0', 'keyboardButtonWebView#13767230', (layer) => below(layer, { _: 'keyboardButtonWebView', url }, { _: 'inlineButtonTypeWebView', url })),
  // A key below a message keeps its type, which the domain refuses there.
  'replyInlineMarkup#48a30254': below(227, { _: 'keyboardButton' }, { _: 'buttonTypeDefault' } as never),
};
