import type { tl } from '@mtcute/core';
import Long from 'long';
import { describe, expect, test } from 'vitest';
import { readChat, readPresence, readUser, withTerms } from '../src/worker/models/peer.ts';
import { rawUser } from './made.ts';

const channel = (values: Partial<tl.RawChannel> = {}): tl.RawChannel => ({ _: 'channel', id: 9, title: 'News', photo: { _: 'chatPhotoEmpty' }, date: 0, accessHash: Long.ONE, ...values });

describe('people', () => {
  test('names and usernames, the main one first', () => {
    const usernames: tl.TypeUsername[] = [
      { _: 'username', username: 'second', active: true },
      { _: 'username', username: 'gone' },
    ];
    expect(readUser(rawUser({ lastName: 'Miller', username: 'main', usernames }), undefined)).toMatchObject({ name: 'Bob Miller', usernames: ['main', 'second'] });
  });

  test('a deleted account has no name', () => {
    expect(readUser(rawUser({ deleted: true, firstName: 'Bob' }), undefined)).toMatchObject({ name: '', isDeleted: true });
  });

  test('incomplete data keep what was known', () => {
    const known = readUser(rawUser({ phone: '999', contact: true }), undefined);
    expect(readUser(rawUser({ min: true, firstName: 'Stranger' }), known)).toMatchObject({ name: 'Bob', phone: '999', isContact: true });
  });

  test('what can be sent to somebody, as their details say, also after they have another name', () => {
    const known = withTerms(readUser(rawUser(), undefined), { voiceMessagesForbidden: true });
    expect(readUser(rawUser({ firstName: 'Rob' }), known)).toMatchObject({ name: 'Rob', rights: { write: true, sendMedia: false, sends: [], pin: false } });
    const silent = withTerms(known, { voiceMessagesForbidden: true, canPinMessage: true });
    expect(silent).toMatchObject({ terms: { noVoice: true }, rights: { sendMedia: true, pin: true } });
    expect(silent.rights.sends).toContain('photo');
  });

  test('the emoji beside a name, also out of incomplete data', () => {
    const known = readUser(rawUser({ emojiStatus: { _: 'emojiStatus', documentId: Long.fromNumber(7) } }), undefined);
    expect(known.status).toEqual({ emoji: '7', until: undefined });
    expect(readUser(rawUser({ min: true }), known).status).toBeUndefined();
    expect(readChat(channel({ emojiStatus: { _: 'emojiStatus', documentId: Long.fromNumber(8), until: 5 } }), undefined)?.status).toEqual({ emoji: '8', until: 5 });
  });

  test('when somebody was online, as exactly as the server says', () => {
    expect(readPresence({ _: 'userStatusOnline', expires: 9 })).toEqual({ kind: 'online', until: 9 });
    expect(readPresence({ _: 'userStatusOffline', wasOnline: 8 })).toEqual({ kind: 'offline', at: 8 });
    expect(readPresence({ _: 'userStatusRecently' })).toEqual({ kind: 'recently' });
    expect(readPresence({ _: 'userStatusEmpty' })).toEqual({ kind: 'unknown' });
  });
});

describe('groups and channels', () => {
  test('a member of a channel reads, its owner writes', () => {
    expect(readChat(channel({ broadcast: true }), undefined)).toMatchObject({ kind: 'channel', isMember: true, rights: { write: false, invite: false } });
    expect(readChat(channel({ broadcast: true, creator: true }), undefined)).toMatchObject({ isAdmin: true, rights: { write: true, editOthers: true } });
  });

  test('what all members and this one may not do', () => {
    const banned = (values: Partial<tl.RawChatBannedRights>): tl.RawChatBannedRights => ({ _: 'chatBannedRights', untilDate: 0, ...values });
    expect(readChat(channel({ megagroup: true, defaultBannedRights: banned({ inviteUsers: true }) }), undefined)?.rights).toMatchObject({ write: true, invite: false });
    expect(readChat(channel({ megagroup: true, bannedRights: banned({ sendMessages: true }) }), undefined)?.rights).toMatchObject({ write: false, invite: true });
  });

  test('who left or was thrown out is no member', () => {
    expect(readChat(channel({ left: true }), undefined)).toMatchObject({ isMember: false });
    expect(readChat({ _: 'chatForbidden', id: 4, title: 'Old' }, undefined)).toMatchObject({ id: -4, isMember: false, rights: { write: false } });
  });

  test('incomplete data keep what the account may do', () => {
    const known = readChat(channel({ creator: true, megagroup: true }), undefined);
    expect(readChat(channel({ min: true, megagroup: true, left: true }), known)).toMatchObject({ isCreator: true, isMember: true });
  });
});
