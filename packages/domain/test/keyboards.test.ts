import { RpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';
import { describe, expect, it } from 'vitest';

import { isBundledEmoji, openEmojiPack } from '../src/documents/index.ts';
import { emojiInMarkup, findCallbackButton, forwardMarkup, type MarkupPlace, projectMarkup, rebuildArrivedMarkup, rebuildMarkup } from '../src/keyboards/index.ts';

/** A custom emoji that ships with the server. */
const EMOJI = openEmojiPack().sets.find(({ kind }) => kind === 'emoji')!.documents[0]!.id;

const data = (text: string): Uint8Array => Buffer.from(text);
const inline = (...buttons: tl.KeyboardInlineButton[]): tl.replyInlineMarkup => ({ _: 'replyInlineMarkup', rows: [{ _: 'keyboardInlineButtonRow', buttons }] });
const below = (text: string, type: tl.InlineButtonType): tl.keyboardInlineButton => ({ _: 'keyboardInlineButton', text, type });
const keys = (...buttons: tl.KeyboardButton[]): tl.replyKeyboardMarkup => ({ _: 'replyKeyboardMarkup', rows: [{ _: 'keyboardButtonRow', buttons }] });
const key = (text: string, type: tl.ButtonType): tl.keyboardButton => ({ _: 'keyboardButton', text, type });
const press = (text: string, value = text): tl.keyboardInlineButton => below(text, { _: 'inlineButtonTypeCallback', data: data(value) });
const link = (url: string): tl.keyboardInlineButton => below('open', { _: 'inlineButtonTypeUrl', url });

/** Rebuilds a keyboard, as a server does that has no other custom emoji than those that ship with it. */
const rebuild = (markup: tl.ReplyMarkup, place: MarkupPlace): tl.ReplyMarkup | undefined => rebuildMarkup(markup, place, new Set(emojiInMarkup(markup).filter(isBundledEmoji)));

function refusalOf(markup: tl.ReplyMarkup, place: MarkupPlace = 'private'): string | undefined {
  try {
    rebuild(markup, place);
    return undefined;
  } catch (error) {
    return error instanceof RpcError ? error.message : String(error);
  }
}

describe('buttons below a message', () => {
  it('are stored with what clients show of them, and nothing else', () => {
    const type = { _: 'inlineButtonTypeCallback', requires_password: false, data: data('yes'), more: 'y' } as tl.inlineButtonTypeCallback;
    const sent = { ...inline({ ...below('yes', type), style: { _: 'keyboardButtonStyle', bg_primary: true, bg_danger: true, icon: EMOJI }, more: 'x' } as tl.keyboardInlineButton), extra: 1 } as tl.replyInlineMarkup;
    const stored = { ...press('yes'), style: { _: 'keyboardButtonStyle', bg_primary: true, icon: EMOJI } } as tl.keyboardInlineButton;
    expect(rebuild(sent, 'broadcast')).toEqual(inline(stored));
  });

  it('may have an icon and no colour', () => {
    const icon = inline({ ...press('yes'), style: { _: 'keyboardButtonStyle', icon: EMOJI } });
    expect(rebuild(icon, 'private')).toMatchObject(icon);
  });

  it('lose, on the way from another data centre, icons that not every server has', () => {
    const sent = (icon: bigint): tl.ReplyMarkup => inline({ ...press('yes'), style: { _: 'keyboardButtonStyle', bg_success: true, icon } });
    expect([EMOJI, 7n].map((icon) => rebuildArrivedMarkup(sent(icon)))).toMatchObject([sent(EMOJI), inline({ ...press('yes'), style: { _: 'keyboardButtonStyle', bg_success: true, icon: undefined } })]);
  });

  it('are none if no row has one', () => {
    expect(rebuild({ _: 'replyInlineMarkup', rows: [{ _: 'keyboardInlineButtonRow', buttons: [] }] }, 'private')).toBeUndefined();
  });

  it.each<[string, tl.ReplyMarkup]>([
    ['BUTTON_DATA_INVALID', inline(press('empty', ''))],
    ['BUTTON_DATA_INVALID', inline(press('long', 'x'.repeat(65)))],
    ['BUTTON_TEXT_INVALID', inline(press(' ', 'x'))],
    ['DOCUMENT_INVALID', inline({ ...press('yes'), style: { _: 'keyboardButtonStyle', icon: 7n } })],
    ['BUTTON_TYPE_INVALID', inline(below('play', { _: 'inlineButtonTypeGame' }))],
    ['BUTTON_TYPE_INVALID', inline(below('app', { _: 'inlineButtonTypeWebView', url: 'https://example.org/' }))],
    ['BUTTON_TYPE_INVALID', inline(below('a key', { _: 'buttonTypeDefault' } as never))],
    ['BUTTON_COPY_TEXT_INVALID', inline(below('copy', { _: 'inlineButtonTypeCopy', copy_text: '' }))],
    ['REPLY_MARKUP_TOO_LONG', inline(...Array.from({ length: 101 }, (_, at) => press(`${at}`)))],
    ['REPLY_MARKUP_TOO_LONG', inline(...Array.from({ length: 100 }, (_, at) => link(`https://example.org/${at}${'x'.repeat(200)}`)))],
    ...['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'https://user:pass@example.org/', 'https://a b.example', '', 'nodots', `example.org/${'a'.repeat(2030)}`].map((url) => ['BUTTON_URL_INVALID', inline(link(url))] as [string, tl.ReplyMarkup]),
  ])('answer %s', (error, markup) => {
    expect(refusalOf(markup)).toBe(error);
  });

  it.each([['example.org', 'http://example.org'], ['example.org:8080/a', 'http://example.org:8080/a'], ['https://example.org/?q=1', 'https://example.org/?q=1'], ['tg://resolve?domain=echo', 'tg://resolve?domain=echo']])('lead to %s', (url, stored) => {
    expect(rebuild(inline(link(url)), 'private')).toMatchObject(inline(link(stored)));
  });

  it('stay with a forward only if all of them are links', () => {
    expect(forwardMarkup(inline(link('https://example.org')))).toEqual(inline(link('https://example.org')));
    expect(forwardMarkup(inline(link('https://example.org'), press('yes')))).toBeUndefined();
    expect(forwardMarkup(keys(key('a', { _: 'buttonTypeDefault' })))).toBeUndefined();
  });

  it('are found by their data', () => {
    const markup = inline(press('no', 'n'), press('yes', 'y'));
    expect(findCallbackButton(markup, data('y'))).toBe(markup.rows[0]!.buttons[1]!.type);
    expect(findCallbackButton(markup, data('z'))).toBeUndefined();
    expect(findCallbackButton(undefined, data('y'))).toBeUndefined();
  });
});

describe('keys in place of those of the phone', () => {
  const asked: tl.inputButtonTypeRequestPeer = { _: 'inputButtonTypeRequestPeer', name_requested: true, button_id: 3, peer_type: { _: 'requestPeerTypeUser', bot: false }, max_quantity: 2 };

  it('ask for a number, a place, a poll or peers in private chats only', () => {
    for (const type of [{ _: 'buttonTypeRequestPhone' }, { _: 'buttonTypeRequestGeoLocation' }, { _: 'buttonTypeRequestPoll', quiz: false }, asked] as tl.ButtonType[]) {
      expect(refusalOf(keys(key('ask', type)))).toBeUndefined();
      expect(refusalOf(keys(key('ask', type)), 'group')).toBe('BUTTON_TYPE_INVALID');
    }
    expect(rebuild(keys(key('poll', { _: 'buttonTypeRequestPoll', quiz: true })), 'private')).toMatchObject(keys(key('poll', { _: 'buttonTypeRequestPoll', quiz: true })));
    expect(refusalOf(keys(key('app', { _: 'buttonTypeSimpleWebView', url: 'https://example.org/' })))).toBe('BUTTON_TYPE_INVALID');
    expect(refusalOf(keys(key('a', { _: 'buttonTypeDefault' })), 'broadcast')).toBe('REPLY_MARKUP_INVALID');
  });

  it('do not show people what the bot asks for beyond the peers', () => {
    const stored = rebuild(keys(key('who', asked)), 'private')!;
    expect(stored).toMatchObject(keys(key('who', asked)));
    expect(projectMarkup(stored)).toMatchObject(keys(key('who', { _: 'buttonTypeRequestPeer', button_id: 3, peer_type: { _: 'requestPeerTypeUser', bot: false }, max_quantity: 2 })));
    expect(refusalOf(keys(key('who', { ...asked, max_quantity: 11 })))).toBe('BUTTON_INVALID');
  });

  it('hint in one short line at what to write', () => {
    expect(rebuild({ _: 'replyKeyboardForceReply', placeholder: `your\nname${'x'.repeat(100)}` }, 'private')).toMatchObject({ placeholder: `your name${'x'.repeat(55)}` });
  });
});
