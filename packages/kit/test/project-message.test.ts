import type { MediaKind } from '@aerogram/testing';
import type { tl } from '@aerogram/tl';
import { describe, expect, it } from 'vitest';

import { drawTalk } from '../src/people/draw-talk.ts';
import { KnownNames } from '../src/people/known-names.ts';
import { compileMatch, describeMatch } from '../src/people/match.ts';
import { MEDIA_KINDS, type Message } from '../src/people/message-shape.ts';
import { listButtons } from '../src/people/press.ts';
import { projectMessage } from '../src/people/project-message.ts';

const ANN = 8n;
const BOT = 16n;
const users: tl.User[] = [
  { _: 'user', id: ANN, first_name: 'Ann', last_name: 'Lee' },
  { _: 'user', id: BOT, first_name: 'Tea', username: 'tea_bot', bot: true },
];
const names = new KnownNames({ users, chats: [] });

const message = (fields: Partial<tl.message>): tl.message => ({ _: 'message', id: 5, peer_id: { _: 'peerUser', user_id: BOT }, date: 1_800_000_000, message: '', ...fields });
const seen = (fields: Partial<tl.message>): Message => projectMessage(message(fields), ANN, names)!;

const inline = (...rows: tl.KeyboardInlineButton[][]): tl.replyInlineMarkup => ({ _: 'replyInlineMarkup', rows: rows.map((buttons) => ({ _: 'keyboardInlineButtonRow', buttons })) });
const button = (text: string, type: tl.InlineButtonType): tl.keyboardInlineButton => ({ _: 'keyboardInlineButton', text, type });
const keyboard = (...labels: string[]): tl.replyKeyboardMarkup => ({ _: 'replyKeyboardMarkup', rows: [{ _: 'keyboardButtonRow', buttons: labels.map((text) => ({ _: 'keyboardButton', text, type: { _: 'buttonTypeDefault' } })) }] });

describe('a message as a person sees it', () => {
  it('has an author, also where the server leaves it out', () => {
    expect(seen({ message: 'hi' })).toMatchObject({ from: { id: '16', name: 'Tea', username: 'tea_bot' }, out: false, chat: '16', buttons: [] });
    expect(seen({ message: 'hi', out: true })).toMatchObject({ from: { id: '8', name: 'Ann Lee' }, out: true });
  });

  it('has its inline buttons with what they do', () => {
    const markup = inline([button('Yes', { _: 'inlineButtonTypeCallback', data: new TextEncoder().encode('y') }), button('Code', { _: 'inlineButtonTypeCopy', copy_text: '42' })], [button('Site', { _: 'inlineButtonTypeUrl', url: 'https://example.org/' })]);
    expect(seen({ reply_markup: markup })).toMatchObject({ buttons: [['Yes', 'Code'], ['Site']], inlineButtons: [[{ text: 'Yes', data: 'y' }, { text: 'Code', copies: '42' }], [{ text: 'Site', url: 'https://example.org/' }]] });
  });

  it('counts as edited only if people are shown that', () => {
    expect(seen({ edit_date: 7 }).editDate).toBe(7);
    expect(seen({ edit_date: 7, edit_hide: true }).editDate).toBeUndefined();
  });

  it('says what its media are, and what a service message tells of', () => {
    const document: tl.document = { _: 'document', id: 1n, access_hash: 0n, file_reference: new Uint8Array(), date: 0, mime_type: 'text/plain', size: 5n, dc_id: 2, attributes: [{ _: 'documentAttributeFilename', file_name: 'a.txt' }] };
    expect(seen({ media: { _: 'messageMediaDocument', document } }).media).toEqual({ kind: 'document', fileName: 'a.txt', size: 5 });
    expect(seen({ media: { _: 'messageMediaWebPage', webpage: { _: 'webPageEmpty', id: 1n } } }).media).toBeUndefined();
    const service: tl.messageService = { _: 'messageService', id: 6, peer_id: { _: 'peerChat', chat_id: 9n }, date: 0, action: { _: 'messageActionPinMessage' } };
    expect(projectMessage(service, ANN, names)).toMatchObject({ chat: '-9', action: 'messageActionPinMessage', text: '' });
    expect(projectMessage({ _: 'messageEmpty', id: 7 }, ANN, names)).toBeUndefined();
  });
});

describe('a talk', () => {
  it('is drawn with keyboards, edits, files and reactions', () => {
    const talk = [
      seen({ id: 1, message: '/start', out: true }),
      seen({ id: 2, message: 'Two\nlines', edit_date: 7, reply_markup: inline([button('Yes', { _: 'inlineButtonTypeCallback', data: new Uint8Array() }), button('No', { _: 'inlineButtonTypeCallback', data: new Uint8Array() })]) }),
      { ...seen({ id: 3, message: 'Menu', reply_markup: keyboard('Help') }), media: { kind: 'document', fileName: 'a.txt' }, replyTo: 1, reactions: [{ emoji: '👍', count: 1, mine: true }] },
    ];
    expect(drawTalk('@tea_bot as Ann sees it', talk).split('\n')).toEqual([
      '── @tea_bot as Ann sees it ──',
      '  #1 Ann Lee: /start',
      '  #2 Tea (@tea_bot) [edited]: Two',
      '      lines',
      '      [ Yes ] [ No ]',
      '  #3 Tea (@tea_bot) [reply to 1]: <document a.txt> Menu',
      '      keyboard:',
      '      [ Help ]',
      '      👍 1',
    ]);
    expect(drawTalk('me', [])).toBe('── me ──\n  (no messages)');
  });

  it('cuts long texts between characters', () => {
    const line = drawTalk('me', [seen({ message: '😀'.repeat(1001) })]).split('\n')[1]!;
    expect(line.endsWith('😀…')).toBe(true);
    expect(Array.from(line).filter((one) => one === '😀')).toHaveLength(1000);
  });
});

describe('a match', () => {
  it('holds if all of its conditions do', () => {
    const matches = compileMatch({ text: 'tea', regex: { source: '^T', flags: 'g' }, hasButtons: false });
    // A regular expression with the flag g begins where it has ended before.
    for (let n = 0; n < 2; n++) expect(matches(seen({ message: 'The tea' }))).toBe(true);
    expect(matches(seen({ message: 'My tea' }))).toBe(false);
    expect(matches(seen({ message: 'The tea', reply_markup: keyboard('Help') }))).toBe(false);
    expect(describeMatch({ text: 'tea', regex: { source: '^T', flags: 'g' }, hasButtons: false })).toBe(' that contains "tea" and matches /^T/g and has no buttons');
    expect(() => compileMatch({ regex: { source: '(', flags: '' } })).toThrow('is no regular expression');
  });
});

describe('the buttons that a person can press', () => {
  it('are those of inline keyboards, newest first, and of the newest reply keyboard', () => {
    const talk = [message({ id: 1, reply_markup: keyboard('Old') }), message({ id: 2, reply_markup: keyboard('New') }), message({ id: 3, reply_markup: inline([button('Site', { _: 'inlineButtonTypeUrl', url: 'x' })]) })];
    expect(listButtons(talk).map(({ button }) => button.text)).toEqual(['Site', 'New']);
    expect(listButtons([...talk, message({ id: 4, reply_markup: { _: 'replyKeyboardHide' } })]).map(({ button }) => button.text)).toEqual(['Site']);
  });
});

describe('the media of a message', () => {
  it('have the kinds that @aerogram/testing knows, no more and no fewer', () => {
    // The compiler compares the lists; so a kind that one of them lacks is an error of types.
    const known: readonly MediaKind[] = MEDIA_KINDS;
    const listed: readonly (typeof MEDIA_KINDS)[number][] = known;
    expect(new Set(listed).size).toBe(MEDIA_KINDS.length);
  });

  it('are named by their kind; a link preview belongs to the text', () => {
    const geo: tl.geoPoint = { _: 'geoPoint', lat: 1, long: 2, access_hash: 0n };
    expect(seen({ media: { _: 'messageMediaToDo', todo: { _: 'todoList', title: { _: 'textWithEntities', text: 'x', entities: [] }, list: [] } } }).media).toEqual({ kind: 'checklist' });
    expect(seen({ media: { _: 'messageMediaGeoLive', geo, period: 60 } }).media).toEqual({ kind: 'live_location' });
    expect(seen({ media: { _: 'messageMediaUnsupported' } }).media).toEqual({ kind: 'other' });
    expect(seen({ media: { _: 'messageMediaWebPage', webpage: { _: 'webPageEmpty', id: 1n } } }).media).toBeUndefined();
  });
});
