// Buttons as layers up to 228 have them: a constructor says what a button does. Of constructors that have several old forms, these converters create the
// newest; a layer writes its own form from it.
import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

/** Forms of buttons that are no plain key. */
type OldButton =
  | old.inputKeyboardButtonRequestPeer_02b78156 | old.inputKeyboardButtonUrlAuth_68013e72 | old.inputKeyboardButtonUserProfile_7d5e07c7
  | old.keyboardButtonBuy_3fa53905 | old.keyboardButtonCallback_e62bc960 | old.keyboardButtonCopy_bcc4af10 | old.keyboardButtonGame_89c590f9
  | old.keyboardButtonRequestGeoLocation_aa40f94d | old.keyboardButtonRequestPeer_5b0f15f5 | old.keyboardButtonRequestPhone_417efd8f
  | old.keyboardButtonRequestPoll_7a11d782 | old.keyboardButtonSimpleWebView_e15c4370 | old.keyboardButtonSwitchInline_991399fc
  | old.keyboardButtonUrl_d80c25ec | old.keyboardButtonUrlAuth_f51006f9 | old.keyboardButtonUserProfile_c0fd5d09 | old.keyboardButtonWebView_e846b1a0;

/** A key in place of those of the phone; undefined for a plain one, whose constructor still exists in another form. */
function lowerSpecialKey({ text, style, type }: tl.keyboardButton): OldButton | undefined {
  switch (type._) {
    case 'buttonTypeDefault': return undefined;
    case 'buttonTypeRequestPhone': return { _: 'keyboardButtonRequestPhone#417efd8f', text, style };
    case 'buttonTypeRequestGeoLocation': return { _: 'keyboardButtonRequestGeoLocation#aa40f94d', text, style };
    case 'buttonTypeRequestPoll': return { ...type, _: 'keyboardButtonRequestPoll#7a11d782', text, style };
    case 'buttonTypeRequestPeer': return { ...type, _: 'keyboardButtonRequestPeer#5b0f15f5', text, style };
    case 'inputButtonTypeRequestPeer': return { ...type, _: 'inputKeyboardButtonRequestPeer#02b78156', text, style };
    case 'buttonTypeSimpleWebView': return { ...type, _: 'keyboardButtonSimpleWebView#e15c4370', text, style };
  }
}

export function lowerKey228(o: tl.keyboardButton): old.keyboardButton_7d170cff | OldButton {
  return lowerSpecialKey(o) ?? { _: 'keyboardButton#7d170cff', text: o.text, style: o.style };
}

/** Up to layer 221, buttons had no colours. */
export function lowerKey221(o: tl.keyboardButton): old.keyboardButton_a2fa4880 | OldButton {
  return lowerSpecialKey(o) ?? { _: 'keyboardButton#a2fa4880', text: o.text };
}

/** A button below a message; undefined for a disabled one, which has no old form. */
function lowerInlineButton({ text, style, type }: tl.KeyboardInlineButton): OldButton | undefined {
  switch (type._) {
    case 'inlineButtonTypeUrl': return { ...type, _: 'keyboardButtonUrl#d80c25ec', text, style };
    case 'inlineButtonTypeUrlAuth': return { ...type, _: 'keyboardButtonUrlAuth#f51006f9', text, style };
    case 'inputInlineButtonTypeUrlAuth': return { ...type, _: 'inputKeyboardButtonUrlAuth#68013e72', text, style, bot: type.bot ?? { _: 'inputUserSelf' } };
    case 'inlineButtonTypeWebView': return { ...type, _: 'keyboardButtonWebView#e846b1a0', text, style };
    case 'inlineButtonTypeCallback': return { ...type, _: 'keyboardButtonCallback#e62bc960', text, style };
    case 'inlineButtonTypeGame': return { _: 'keyboardButtonGame#89c590f9', text, style };
    case 'inlineButtonTypeBuy': return { _: 'keyboardButtonBuy#3fa53905', text, style };
    case 'inlineButtonTypeSwitchInline': return { ...type, _: 'keyboardButtonSwitchInline#991399fc', text, style };
    case 'inlineButtonTypeUserProfile': return { ...type, _: 'keyboardButtonUserProfile#c0fd5d09', text, style };
    case 'inputInlineButtonTypeUserProfile': return { ...type, _: 'inputKeyboardButtonUserProfile#7d5e07c7', text, style };
    case 'inlineButtonTypeCopy': return { ...type, _: 'keyboardButtonCopy#bcc4af10', text, style };
    case 'inlineButtonTypeDisabled': return undefined;
  }
}

/** Rows below a message. They had the constructor that rows of keys still have, with all kinds of buttons in it. */
export function lowerInlineRows({ rows }: tl.replyInlineMarkup): tl.KeyboardButtonRow[] {
  return rows.map(({ buttons }) => ({ _: 'keyboardButtonRow', buttons: buttons.flatMap((button) => lowerInlineButton(button) ?? []) as unknown as tl.KeyboardButton[] }));
}
