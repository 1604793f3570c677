import { expect, test } from 'vitest';
import type { tl } from '@aerogram/tl';

import { hashPushToken, readPushToken } from '../src/auth/push-token.ts';
import { isWorthNotice, noticeDelayMs } from '../src/notices/decide-notice.ts';
import { type NoticeMessage, writeNotice } from '../src/notices/write-notice.ts';
import { errorOf } from './db/accounts-world.ts';

const NOW = 1_000_000;
const arrival = { isOwn: false, isReminder: false, isQuiet: false, date: NOW - 2, isMention: false };
const chat = { isRead: false, isMuted: false };

test.each([
  ['a message', {}, {}, true],
  ['an own one', { isOwn: true }, {}, false],
  ['an own note whose time has come', { isOwn: true, isReminder: true }, {}, true],
  ['a service message of which nobody is told', { isQuiet: true }, {}, false],
  ['one that was read', {}, { isRead: true }, false],
  ['one of ten minutes ago', { date: NOW - 601 }, {}, false],
  ['one in a muted chat', {}, { isMuted: true }, false],
  ['a mention in a muted chat', { isMention: true }, { isMuted: true }, true],
  ['a mention that was read', { isMention: true }, { isRead: true }, false],
] as const)('%s is told or not', (_what, of, inChat, told) => {
  expect(isWorthNotice({ ...arrival, ...of }, { ...chat, ...inChat }, NOW)).toBe(told);
});

test('a device is told at once, after it had time to acknowledge, or after its owner had time to read elsewhere', () => {
  expect(noticeDelayMs({ reach: 'acked', isUsedElsewhere: false })).toBeUndefined();
  expect(noticeDelayMs({ reach: 'away', isUsedElsewhere: false })).toBe(0);
  expect(noticeDelayMs({ reach: 'waiting', isUsedElsewhere: false })).toBe(5000);
  expect(noticeDelayMs({ reach: 'away', isUsedElsewhere: true })).toBe(30_000);
});

const message = (values: Partial<NoticeMessage> = {}): NoticeMessage => ({
  ownerId: 5n, msgId: 7, chat: { kind: 'private', userId: 6n, author: 'Ann' }, text: 'hello', entities: [], media: undefined, action: undefined, pinned: undefined, isSilent: false, isMention: false, ...values,
});
const photo: tl.messageMediaPhoto = { _: 'messageMediaPhoto' };

test('a notice says who wrote where, and no more than the device may show', () => {
  expect(writeNotice(message(), 'text', 9n)).toEqual({ user_id: '5', mute: '0', random_id: '9', loc_key: 'MESSAGE_TEXT', loc_args: ['Ann', 'hello'], custom: { from_id: '6', msg_id: '7' }, title: 'Ann', description: 'hello', sound: 'default' });
  expect(writeNotice(message(), 'names', 9n)).toMatchObject({ loc_key: 'MESSAGE_NOTEXT', loc_args: ['Ann'], description: 'New message' });
  const locked = writeNotice(message(), 'nothing', 9n);
  expect(locked).toMatchObject({ loc_key: 'LOCKED_MESSAGE', loc_args: [], custom: {}, title: 'Aerogram' });
  expect(JSON.stringify(locked)).not.toMatch(/Ann|hello/);
  const group = message({ chat: { kind: 'group', chatId: 3n, fromId: 6n, author: 'Ann', title: 'Choir' }, isSilent: true, isMention: true });
  expect(writeNotice(group, 'text', 9n)).toMatchObject({ loc_key: 'CHAT_MESSAGE_TEXT', loc_args: ['Ann', 'Choir', 'hello'], custom: { chat_id: '3', msg_id: '7', silent: '1', mention: '1' }, title: 'Choir', description: 'Ann: hello' });
  const channel = message({ chat: { kind: 'channel', channelId: 4n, fromId: undefined, author: '', title: 'News', isBroadcast: true }, media: photo, text: '' });
  expect(writeNotice(channel, 'text', 9n)).toMatchObject({ loc_key: 'CHANNEL_MESSAGE_PHOTO', loc_args: ['News'], custom: { channel_id: '4' }, description: 'Photo' });
});

test('a caption has the sign of its media, what is hidden stays hidden, and long texts are cut where a character ends', () => {
  expect(writeNotice(message({ media: photo, text: 'look' }), 'text', 1n)).toMatchObject({ loc_key: 'MESSAGE_TEXT', loc_args: ['Ann', '🖼 look'] });
  expect(writeNotice(message({ text: 'the end is sad', entities: [{ _: 'messageEntitySpoiler', offset: 11, length: 3 }] }), 'text', 1n)?.description).toBe('the end is ▒▒▒');
  const family = '👨‍👩‍👧'.repeat(60);
  const cut = writeNotice(message({ text: family }), 'text', 1n)!.description;
  expect(cut.length).toBeLessThanOrEqual(256);
  expect(cut.replace(/…$/, '').replaceAll('👨‍👩‍👧', '')).toBe('');
});

test('the token of a browser is checked and rebuilt, so that the same one is the same however it was written', async () => {
  const keys = { p256dh: 'BPIGmjgaO8zDZQBtnjOWIIatDxyD7eBVZYYWwSUyxQ6xlMGFqHTp9mYPKUi9k8VUStjTkONNVEXbVoKiifCTRCk', auth: 'Ef8t_BcpLV-Vi6H-o3DaOQ' };
  const endpoint = 'https://push.example/x';
  const one = readPushToken(10, JSON.stringify({ endpoint, keys }));
  const other = readPushToken(10, JSON.stringify({ vapid: true, keys: { ...keys, more: 1 }, expirationTime: null, endpoint }));
  expect(hashPushToken(other)).toEqual(hashPushToken(one));
  const fails = (token: unknown) => errorOf(Promise.resolve().then(() => readPushToken(10, typeof token === 'string' ? token : JSON.stringify(token))));
  for (const token of ['no JSON', 'null', { keys }, { endpoint: 'http://push.example/', keys }, { endpoint: 'https://a:b@push.example/', keys }, { endpoint: `https://push.example/${'x'.repeat(1024)}`, keys }]) expect(await fails(token)).toBe('WEBPUSH_TOKEN_INVALID');
  for (const p256dh of [undefined, 'AAAA', `${keys.p256dh.slice(0, -4)}AAAA`]) expect(await fails({ endpoint, keys: { ...keys, p256dh } })).toBe('WEBPUSH_KEY_INVALID');
  expect(await fails({ endpoint, keys: { ...keys, auth: 'AAAA' } })).toBe('WEBPUSH_AUTH_INVALID');
  expect(readPushToken(7, '18446744073709551615')).toBe('18446744073709551615');
  for (const token of ['-1', 'x', '1e3']) expect(() => readPushToken(7, token)).toThrow('TOKEN_INVALID');
});
