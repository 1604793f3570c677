import { describe, expect, test } from 'vitest';
import { findKeys } from '../src/page/composer/find-keys.ts';
import type { BotKeys, Message } from '../src/protocol/index.ts';
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
  const asked = readKeyboard({ _: 'replyKeyboardMarkup', persistent: true, rows: [{ _: 'keyboardButtonRow', buttons: [{ _: 'keyboardButton', text: 'a' }, { _: 'keyboardButtonRequestPhone', text: 'b' }, { _: 'keyboardButtonRequestPoll', text: 'c' }] }] });
  expect(asked).toEqual({ keys: keys({ isPersistent: true, rows: [[{ kind: 'text', text: 'a' }, { kind: 'phone', text: 'b' }, { kind: 'other', text: 'c' }]] }) });
});
