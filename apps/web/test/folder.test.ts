import type { tl } from '@mtcute/core';
import Long from 'long';
import { describe, expect, test } from 'vitest';
import { type FolderRule, isInFolder, orderPinsOfFolder, pinInFolder, readFolder } from '../src/worker/models/folder.ts';
import { mutedUntil } from '../src/worker/models/mutes.ts';
import { makeChat, makePeer, SELF } from './made.ts';

const EMPTY: FolderRule = { id: 2, title: 'Work', pinned: [], included: [], excluded: [], has: {}, without: {} };

const filter: tl.RawDialogFilter = {
  _: 'dialogFilter',
  id: 2,
  title: { _: 'textWithEntities', text: 'Work', entities: [] },
  pinnedPeers: [{ _: 'inputPeerUser', userId: 7, accessHash: Long.ONE }],
  includePeers: [{ _: 'inputPeerChat', chatId: 8 }, { _: 'inputPeerSelf' }],
  excludePeers: [{ _: 'inputPeerChannel', channelId: 9, accessHash: Long.ONE }],
  contacts: true,
  excludeRead: true,
};

describe('folders', () => {
  test('a folder is read with marked ids; the list of all chats is none', () => {
    expect(readFolder(filter, SELF)).toEqual({ ...EMPTY, pinned: [7], included: [-8, SELF], excluded: [-1_000_000_000_009], has: { contacts: true }, without: { read: true } });
    expect(readFolder({ _: 'dialogFilterDefault' }, SELF)).toBeUndefined();
  });

  test('a chat is pinned above the others of a folder, and stays in the folder when it is unpinned', () => {
    const group: tl.TypeInputPeer = { _: 'inputPeerChat', chatId: 8 };
    const pinned = pinInFolder(filter, group, { isPinned: true, self: SELF });
    expect(readFolder(pinned, SELF)).toMatchObject({ pinned: [-8, 7], included: [SELF] });
    expect(pinInFolder(pinned, group, { isPinned: true, self: SELF })).toBe(pinned);
    expect(readFolder(orderPinsOfFolder(pinned, [7, -8], SELF), SELF)).toMatchObject({ pinned: [7, -8] });
    // Another device has pinned a chat of which this one does not know yet.
    expect(readFolder(orderPinsOfFolder(pinned, [7], SELF), SELF)).toMatchObject({ pinned: [7, -8] });
    expect(readFolder(pinInFolder(pinned, group, { isPinned: false, self: SELF }), SELF)).toMatchObject({ pinned: [7], included: [SELF, -8] });
    const [channel] = filter.excludePeers;
    expect(readFolder(pinInFolder(filter, channel!, { isPinned: true, self: SELF }), SELF)).toMatchObject({ pinned: [-1_000_000_000_009, 7], excluded: [] });
  });

  test('a shared folder has the chats that it names and no others', () => {
    const { id, title, pinnedPeers, includePeers } = filter;
    const shared = readFolder({ _: 'dialogFilterChatlist', id, title, pinnedPeers, includePeers }, SELF)!;
    expect(isInFolder(shared, { chat: makeChat(7), peer: makePeer(7), isMuted: true })).toBe(true);
    expect(isInFolder(shared, { chat: makeChat(6), peer: makePeer(6, { isContact: true }), isMuted: false })).toBe(false);
  });

  test.each([
    ['contacts', makePeer(3, { isContact: true })],
    ['contacts', makePeer(SELF, { isSelf: true })],
    ['nonContacts', makePeer(3)],
    ['bots', makePeer(3, { isBot: true })],
    ['groups', makePeer(-3, { kind: 'group' })],
    ['groups', makePeer(-1_000_000_000_003, { kind: 'supergroup' })],
    ['channels', makePeer(-1_000_000_000_003, { kind: 'channel' })],
  ] as const)('"%s" takes in its kind and no other', (kind, peer) => {
    const chat = makeChat(peer.id);
    for (const each of ['contacts', 'nonContacts', 'bots', 'groups', 'channels'] as const) {
      expect(isInFolder({ ...EMPTY, has: { [each]: true } }, { chat, peer, isMuted: false })).toBe(each === kind);
    }
  });

  test('what is muted, read or archived stays out, unless it is named or mentions the account', () => {
    const peer = makePeer(3);
    const rule = { ...EMPTY, has: { nonContacts: true } };
    const isIn = (values: Parameters<typeof makeChat>[1], without: FolderRule['without'], isMuted = false): boolean => isInFolder({ ...rule, without }, { chat: makeChat(3, values), peer, isMuted });
    expect(isIn({}, { muted: true }, true)).toBe(false);
    expect(isIn({ mentions: 1 }, { muted: true }, true)).toBe(true);
    expect(isIn({}, { read: true })).toBe(false);
    expect(isIn({ unread: 1 }, { read: true })).toBe(true);
    expect(isIn({ isMarkedUnread: true }, { read: true })).toBe(true);
    expect(isIn({ isArchived: true }, { archived: true })).toBe(false);
    expect(isInFolder({ ...rule, included: [3], without: { muted: true, read: true, archived: true } }, { chat: makeChat(3, { isArchived: true }), peer, isMuted: true })).toBe(true);
    expect(isInFolder({ ...rule, excluded: [3] }, { chat: makeChat(3), peer, isMuted: false })).toBe(false);
  });

  test('a chat without a setting of its own is muted like all of its kind', () => {
    const byKind = { users: 0, groups: 500, channels: 900 };
    expect(mutedUntil(makeChat(3), makePeer(3), byKind)).toBe(0);
    expect(mutedUntil(makeChat(-3), makePeer(-3, { kind: 'supergroup' }), byKind)).toBe(500);
    expect(mutedUntil(makeChat(-3, { mutedUntil: 0 }), makePeer(-3, { kind: 'channel' }), byKind)).toBe(0);
  });
});
