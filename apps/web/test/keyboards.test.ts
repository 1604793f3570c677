import { Long, type tl } from '@mtcute/core';
import { describe, expect, test } from 'vitest';
import { findKeys } from '../src/page/composer/find-keys.ts';
import { fitsRequest } from '../src/page/composer/fits-request.ts';
import type { AdminRight, BotKeys, Message, Peer, PeerRequest } from '../src/protocol/index.ts';
import { readKeyboard } from '../src/worker/models/keyboards.ts';

const BOT = 7;
const keys = (values: Partial<Extract<BotKeys, { kind: 'keys' }>> = {}): BotKeys => ({
  kind: 'keys', rows: [[{ kind: 'text', text: 'Tea' }]], isCompact: false, isOnce: false, isPersistent: false, isSelective: false, ...values,
});
const message = (id: number, values: Partial<Message> = {}): Message => ({ key: String(id), id, peer: BOT, from: BOT, date: id, isOut: false, text: '', ...values });
const own = (id: number, values: Partial<Message>): Message => message(id, { from: 1, isOut: true, ...values });

describe('the keyboard that a bot offers', () => {
  test('is the newest one, until its bot takes it away', () => {
    const offers = [message(1, { keys: keys() }), message(2, { keys: keys({ isOnce: true }) })];
    expect(findKeys(offers, true)).toMatchObject({ message: 2, from: BOT, isUsed: false });
    const hide: BotKeys = { kind: 'hide', isSelective: false };
    expect(findKeys([...offers, message(3, { keys: hide })], true)).toBeUndefined();
    expect(findKeys([...offers, message(3, { keys: hide, from: 8 })], true)).toMatchObject({ message: 2 });
  });

  test('for some members of a group is not for the others', () => {
    const selective = message(2, { keys: keys({ isSelective: true }) });
    expect(findKeys([selective], false)).toBeUndefined();
    expect(findKeys([{ ...selective, mentionsMe: true }], false)).toMatchObject({ message: 2 });
    expect(findKeys([selective], true)).toMatchObject({ message: 2 });
  });

  test('is used by what one of its keys says, also before the server has it', () => {
    const offer = message(1, { keys: keys() });
    expect(findKeys([offer, own(2, { text: 'no' })], true)?.isUsed).toBe(false);
    expect(findKeys([offer, own(0, { text: 'Tea' })], true)?.isUsed).toBe(true);
    expect(findKeys([own(1, { text: 'Tea' }), message(2, { keys: keys() })], true)?.isUsed).toBe(false);
  });

  test('that asks for an answer is used by one', () => {
    const asks = message(1, { keys: { kind: 'forceReply', isSelective: false } });
    expect(findKeys([asks, own(2, { text: 'Ann' })], false)?.isUsed).toBe(false);
    expect(findKeys([asks, own(2, { text: 'Ann', replyTo: { id: 1 } })], false)?.isUsed).toBe(true);
  });

  test('is remembered while newer messages than its own are shown, and forgotten if its message is gone', () => {
    const before = findKeys([message(5, { keys: keys() })], true);
    expect(findKeys([message(6), message(7)], true, before)).toBe(before);
    expect(findKeys([message(4), message(7)], true, before)).toBeUndefined();
  });
});

test('a keyboard is read, with buttons that are not known', () => {
  expect(readKeyboard(undefined)).toEqual({});
  const buttons = readKeyboard({
    _: 'replyInlineMarkup',
    rows: [{ _: 'keyboardButtonRow', buttons: [
      { _: 'keyboardButtonCallback', text: 'go', data: new Uint8Array([1]), requiresPassword: true, style: { _: 'keyboardButtonStyle', bgDanger: true } },
      { _: 'keyboardButtonSwitchInline', text: 'ask', query: 'tea', samePeer: true },
      { _: 'keyboardButtonGame', text: 'play' },
    ] }],
  });
  expect(buttons).toEqual({ buttons: [[
    { kind: 'callback', text: 'go', colour: 'danger', data: new Uint8Array([1]), needsPassword: true },
    { kind: 'switchInline', text: 'ask', query: 'tea', isHere: true },
    { kind: 'other', text: 'play' },
  ]] });
  const asked = readKeyboard({ _: 'replyKeyboardMarkup', persistent: true, rows: [{ _: 'keyboardButtonRow', buttons: [{ _: 'keyboardButton', text: 'a' }, { _: 'keyboardButtonRequestPhone', text: 'b' }, { _: 'keyboardButtonRequestPoll', text: 'c' }, { _: 'keyboardButtonRequestPoll', text: 'd', quiz: true }, { _: 'keyboardButtonRequestPoll', text: 'n', quiz: false }, { _: 'keyboardButtonSimpleWebView', text: 'e', url: 'https://example.org' }] }] });
  expect(asked).toEqual({ keys: keys({ isPersistent: true, rows: [[{ kind: 'text', text: 'a' }, { kind: 'phone', text: 'b' }, { kind: 'poll', text: 'c' }, { kind: 'poll', text: 'd', isQuiz: true }, { kind: 'poll', text: 'n', isQuiz: false }, { kind: 'other', text: 'e' }]] }) });
});

describe('a key that asks for peers', () => {
  const readRequest = (peerType: tl.TypeRequestPeerType, maxQuantity = 1): PeerRequest | undefined => {
    const { keys: read } = readKeyboard({ _: 'replyKeyboardMarkup', rows: [{ _: 'keyboardButtonRow', buttons: [{ _: 'keyboardButtonRequestPeer', text: 'Choose', buttonId: 3, peerType, maxQuantity }] }] });
    const key = read?.kind === 'keys' ? read.rows[0]![0]! : undefined;
    return key?.kind === 'peer' ? key.request : undefined;
  };
  const rights = { write: true, sendMedia: true, sends: [], pin: true, invite: true, changeInfo: true, deleteOthers: false, createTopics: false, manageTopics: false, editOthers: false, promote: false };
  const peer = (values: Partial<Peer>): Peer => ({ id: 5, kind: 'user', name: 'x', usernames: [], rights, ...values });
  const group = (values: Partial<Peer> = {}): Peer => peer({ id: -5, kind: 'supergroup', isMember: true, ...values });
  const fits = (type: tl.TypeRequestPeerType, one: Peer): boolean => fitsRequest(one, readRequest(type)!);

  test('is read, and used by an answer with its number', () => {
    const request = readRequest({ _: 'requestPeerTypeUser', bot: true }, 4)!;
    expect(request).toEqual({ button: 3, kind: 'user', max: 4, isBot: true, isPremium: undefined });
    const offer = message(1, { keys: keys({ rows: [[{ kind: 'peer', text: 'Choose', request }]] }) });
    expect(findKeys([offer, own(2, { service: { kind: 'peersShared', peers: [5], button: 3, bot: BOT } })], true)?.isUsed).toBe(true);
    expect(findKeys([offer, own(2, { service: { kind: 'peersShared', peers: [5], button: 4, bot: BOT } })], true)?.isUsed).toBe(false);
    expect(readRequest({ _: 'requestPeerTypeCreateBot' })).toBeUndefined();
  });

  test('for people is answered with people or bots', () => {
    expect([peer({}), peer({ isBot: true }), peer({ isSelf: true }), peer({ isDeleted: true }), peer({ id: 777_000 }), group()].map((one) => fits({ _: 'requestPeerTypeUser' }, one))).toEqual([true, true, false, false, false, false]);
    expect([peer({}), peer({ isBot: true })].map((one) => fits({ _: 'requestPeerTypeUser', bot: true }, one))).toEqual([false, true]);
    expect([peer({}), peer({ isBot: true })].map((one) => fits({ _: 'requestPeerTypeUser', bot: false }, one))).toEqual([true, false]);
    expect([peer({}), peer({ isPremium: true })].map((one) => [true, false].map((premium) => fits({ _: 'requestPeerTypeUser', premium }, one)))).toEqual([[false, true], [true, false]]);
  });

  test('for a group or channel is answered with one in which the account may do what is needed', () => {
    const admin = (...adminRights: AdminRight[]): Peer => group({ isAdmin: true, adminRights });
    const needs = (type: Partial<tl.RawRequestPeerTypeChat>, one: Peer): boolean => fits({ _: 'requestPeerTypeChat', ...type }, one);
    const right = (name: keyof tl.RawChatAdminRights): tl.RawChatAdminRights => ({ _: 'chatAdminRights', [name]: true });
    expect([group(), group({ kind: 'group' }), group({ kind: 'channel' }), group({ isMember: false }), group({ migratedTo: 3 }), peer({})].map((one) => needs({}, one))).toEqual([true, true, false, false, false, false]);
    expect(fits({ _: 'requestPeerTypeBroadcast' }, group({ kind: 'channel' }))).toBe(true);
    expect([group(), group({ usernames: ['x'] })].map((one) => [needs({ hasUsername: true }, one), needs({ hasUsername: false }, one)])).toEqual([[false, true], [true, false]]);
    expect([group(), group({ isForum: true })].map((one) => [needs({ forum: true }, one), needs({ forum: false }, one)])).toEqual([[false, true], [true, false]]);
    expect([group(), admin('banUsers'), group({ isCreator: true })].map((one) => needs({ creator: true }, one))).toEqual([false, false, true]);
    expect([group(), admin('pinMessages'), admin('banUsers'), group({ isCreator: true })].map((one) => needs({ userAdminRights: right('banUsers') }, one))).toEqual([false, false, true, true]);
    expect([group(), group({ rights: { ...rights, invite: false } })].map((one) => needs({ botParticipant: true }, one))).toEqual([true, false]);
    expect([group(), admin('banUsers'), admin('addAdmins')].map((one) => needs({ botAdminRights: right('banUsers') }, one))).toEqual([false, false, true]);
  });
});

test('a button is read with its colour and its icon', () => {
  const style: tl.TypeKeyboardButtonStyle = { _: 'keyboardButtonStyle', bgDanger: true, icon: Long.fromString('5368324170671202286') };
  const markup: tl.RawReplyKeyboardMarkup = { _: 'replyKeyboardMarkup', rows: [{ _: 'keyboardButtonRow', buttons: [{ _: 'keyboardButton', text: 'Stop', style }, { _: 'keyboardButton', text: 'Go' }] }] };
  expect(readKeyboard(markup)).toMatchObject({ keys: { rows: [[{ text: 'Stop', colour: 'danger', icon: '5368324170671202286' }, { text: 'Go' }]] } });
});
