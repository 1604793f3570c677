// Buttons up to layer 228. One type of button, told apart by its constructor, served both keyboards; now each keyboard has its own type of button, which
// contains what the button does.
import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

interface Face {
  text: string;
  style?: tl.KeyboardButtonStyle | undefined;
}

function key({ text, style }: Face, type: tl.ButtonType): tl.keyboardButton {
  return { _: 'keyboardButton', text, style, type };
}

/**
 * A button that belongs below a message. Only the keyboard around it knows whether it is there, so it is returned as what a row of those layers holds, and
 * {@link liftInlineMarkup} puts it into the right row. In place of keys it keeps its type, which no key has and whoever reads a keyboard refuses.
 */
function below({ text, style }: Face, type: tl.InlineButtonType): tl.KeyboardButton {
  const button: tl.keyboardInlineButton = { _: 'keyboardInlineButton', text, style, type };
  return button as unknown as tl.KeyboardButton;
}

/** A key below a message keeps its type, which no button there has and whoever reads a keyboard refuses. */
export function liftInlineMarkup(o: old.replyInlineMarkup_48a30254): tl.replyInlineMarkup {
  const rows = o.rows.map(({ buttons }): tl.keyboardInlineButtonRow => ({
    _: 'keyboardInlineButtonRow',
    buttons: buttons.map(({ text, style, type }) => ({ _: 'keyboardInlineButton', text, style, type: type as unknown as tl.InlineButtonType })),
  }));
  return { _: 'replyInlineMarkup', rows };
}

export function liftText(o: old.keyboardButton_7d170cff | old.keyboardButton_a2fa4880): tl.KeyboardButton {
  return key(o, { _: 'buttonTypeDefault' });
}

export function liftRequestPhone(o: old.keyboardButtonRequestPhone_417efd8f | old.keyboardButtonRequestPhone_b16a6c29): tl.KeyboardButton {
  return key(o, { _: 'buttonTypeRequestPhone' });
}

export function liftRequestGeoLocation(o: old.keyboardButtonRequestGeoLocation_aa40f94d | old.keyboardButtonRequestGeoLocation_fc796b3f): tl.KeyboardButton {
  return key(o, { _: 'buttonTypeRequestGeoLocation' });
}

export function liftRequestPoll(o: old.keyboardButtonRequestPoll_7a11d782 | old.keyboardButtonRequestPoll_bbc7515d): tl.KeyboardButton {
  return key(o, { _: 'buttonTypeRequestPoll', quiz: o.quiz });
}

export function liftRequestPeer(o: old.keyboardButtonRequestPeer_5b0f15f5 | old.keyboardButtonRequestPeer_53d7bfd8): tl.KeyboardButton {
  const { button_id, peer_type, max_quantity } = o;
  return key(o, { _: 'buttonTypeRequestPeer', button_id, peer_type, max_quantity });
}

/** The button asked for one peer; now it contains the number of peers. */
export function liftRequestOnePeer(o: old.keyboardButtonRequestPeer_0d0b468c): tl.KeyboardButton {
  return key(o, { _: 'buttonTypeRequestPeer', button_id: o.button_id, peer_type: o.peer_type, max_quantity: 1 });
}

export function liftInputRequestPeer(o: old.inputKeyboardButtonRequestPeer_02b78156 | old.inputKeyboardButtonRequestPeer_c9662d05): tl.KeyboardButton {
  const { name_requested, username_requested, photo_requested, button_id, peer_type, max_quantity } = o;
  return key(o, { _: 'inputButtonTypeRequestPeer', name_requested, username_requested, photo_requested, button_id, peer_type, max_quantity });
}

export function liftSimpleWebView(o: old.keyboardButtonSimpleWebView_e15c4370 | old.keyboardButtonSimpleWebView_a0c0505c): tl.KeyboardButton {
  return key(o, { _: 'buttonTypeSimpleWebView', url: o.url });
}

export function liftUrl(o: old.keyboardButtonUrl_d80c25ec | old.keyboardButtonUrl_258aff05): tl.KeyboardButton {
  return below(o, { _: 'inlineButtonTypeUrl', url: o.url });
}

export function liftUrlAuth(o: old.keyboardButtonUrlAuth_f51006f9 | old.keyboardButtonUrlAuth_10b78d29): tl.KeyboardButton {
  return below(o, { _: 'inlineButtonTypeUrlAuth', fwd_text: o.fwd_text, url: o.url, button_id: o.button_id });
}

export function liftInputUrlAuth(o: old.inputKeyboardButtonUrlAuth_68013e72 | old.inputKeyboardButtonUrlAuth_d02e7fd4): tl.KeyboardButton {
  const { request_write_access, fwd_text, url, bot } = o;
  return below(o, { _: 'inputInlineButtonTypeUrlAuth', request_write_access, fwd_text, url, bot });
}

export function liftWebView(o: old.keyboardButtonWebView_e846b1a0 | old.keyboardButtonWebView_13767230): tl.KeyboardButton {
  return below(o, { _: 'inlineButtonTypeWebView', url: o.url });
}

export function liftCallback(o: old.keyboardButtonCallback_e62bc960 | old.keyboardButtonCallback_35bbdb6b): tl.KeyboardButton {
  return below(o, { _: 'inlineButtonTypeCallback', requires_password: o.requires_password, data: o.data });
}

export function liftGame(o: old.keyboardButtonGame_89c590f9 | old.keyboardButtonGame_50f41ccf): tl.KeyboardButton {
  return below(o, { _: 'inlineButtonTypeGame' });
}

export function liftBuy(o: old.keyboardButtonBuy_3fa53905 | old.keyboardButtonBuy_afd93fbb): tl.KeyboardButton {
  return below(o, { _: 'inlineButtonTypeBuy' });
}

export function liftSwitchInline(
  o: old.keyboardButtonSwitchInline_991399fc | old.keyboardButtonSwitchInline_93b9fbb5 | old.keyboardButtonSwitchInline_0568a748,
): tl.KeyboardButton {
  return below(o, { _: 'inlineButtonTypeSwitchInline', same_peer: o.same_peer, query: o.query, peer_types: 'peer_types' in o ? o.peer_types : undefined });
}

export function liftUserProfile(o: old.keyboardButtonUserProfile_c0fd5d09 | old.keyboardButtonUserProfile_308660c1): tl.KeyboardButton {
  return below(o, { _: 'inlineButtonTypeUserProfile', user_id: o.user_id });
}

export function liftInputUserProfile(o: old.inputKeyboardButtonUserProfile_7d5e07c7 | old.inputKeyboardButtonUserProfile_e988037b): tl.KeyboardButton {
  return below(o, { _: 'inputInlineButtonTypeUserProfile', user_id: o.user_id });
}

export function liftCopy(o: old.keyboardButtonCopy_bcc4af10 | old.keyboardButtonCopy_75d2698e): tl.KeyboardButton {
  return below(o, { _: 'inlineButtonTypeCopy', copy_text: o.copy_text });
}
