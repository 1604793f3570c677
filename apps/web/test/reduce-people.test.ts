import 'fake-indexeddb/auto';
import type { tl } from '@mtcute/core';
import { IDBFactory } from 'fake-indexeddb';
import Long from 'long';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { readGroupMember, readParticipant } from '../src/worker/models/member.ts';
import { reduce } from '../src/worker/reduce/index.ts';
import { makeChat, makeContext, makePeer, rawUpdate, SELF } from './made.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe('what happens to people', () => {
  test('somebody comes online, and has another username', async () => {
    const { store, context } = await makeContext();
    store.setPeer(makePeer(5, { firstName: 'Bob' }));
    reduce(context, rawUpdate({ _: 'updateUserStatus', userId: 5, status: { _: 'userStatusOnline', expires: 50 } }));
    reduce(context, rawUpdate({ _: 'updateUserName', userId: 5, firstName: 'Rob', lastName: '', usernames: [{ _: 'username', username: 'rob', active: true }] }));
    expect(store.peers.get(5)).toMatchObject({ name: 'Rob', usernames: ['rob'], presence: { kind: 'online', until: 50 } });
  });

  test('somebody sets an emoji beside the name, and takes it away', async () => {
    const { store, context } = await makeContext();
    store.setPeer(makePeer(5));
    const set = (emojiStatus: tl.TypeEmojiStatus): void => reduce(context, rawUpdate({ _: 'updateUserEmojiStatus', userId: 5, emojiStatus }));
    set({ _: 'emojiStatus', documentId: Long.fromNumber(7), until: 90 });
    expect(store.peers.get(5)?.status).toEqual({ emoji: '7', until: 90 });
    set({ _: 'emojiStatusEmpty' });
    expect(store.peers.get(5)?.status).toBeUndefined();
  });

  test('a contact keeps the name that the account gave', async () => {
    const { store, context } = await makeContext();
    store.setPeer(makePeer(5, { name: 'My Bob', isContact: true }));
    reduce(context, rawUpdate({ _: 'updateUserName', userId: 5, firstName: 'Rob', lastName: '', usernames: [] }));
    expect(store.peers.get(5)?.name).toBe('My Bob');
  });

  test('somebody of whom the update says nothing is asked for', async () => {
    const { context, asked } = await makeContext();
    reduce(context, rawUpdate({ _: 'updateUser', userId: 5 }));
    expect(asked.peers).toEqual([5]);
  });

  test('an address book that another device has changed is asked for', async () => {
    const { context, asked } = await makeContext();
    reduce(context, rawUpdate({ _: 'updateContactsReset' }));
    expect(asked.contacts).toBe(1);
  });

  test('typing is shown of others only', async () => {
    const { context } = await makeContext();
    const action = { _: 'sendMessageTypingAction' } as const;
    reduce(context, rawUpdate({ _: 'updateChatUserTyping', chatId: 4, fromId: { _: 'peerUser', userId: SELF }, action }));
    reduce(context, rawUpdate({ _: 'updateChatUserTyping', chatId: 4, fromId: { _: 'peerUser', userId: 5 }, action }));
    expect(context.typing.list(-4)).toEqual([{ user: 5, action: 'typing' }]);
    context.typing.stop(-4, 5);
  });
});

describe('a text that a bot is writing', () => {
  const action = (text: string): tl.RawSendMessageTextDraftAction => ({ _: 'sendMessageTextDraftAction', randomId: Long.ONE, text: { _: 'textWithEntities', text, entities: [{ _: 'messageEntityBold', offset: 0, length: 1 }] } });
  const entities = [{ kind: 'bold', offset: 0, length: 1 }];

  test('grows until its message arrives, and outlives actions', async () => {
    const { store, context } = await makeContext();
    store.setChat(makeChat(5));
    const show = (action: tl.TypeSendMessageAction): void => reduce(context, rawUpdate({ _: 'updateUserTyping', userId: 5, action }));
    show(action('so'));
    show(action(''));
    expect([context.typing.list(5), context.typing.draftOf(5)]).toEqual([[{ user: 5, action: 'typing' }], undefined]);
    show(action('so'));
    show(action('so far'));
    show({ _: 'sendMessageUploadPhotoAction', progress: 0 });
    expect([context.typing.list(5), context.typing.draftOf(5)]).toEqual([[{ user: 5, action: 'typing' }], { text: 'so far', entities }]);
    reduce(context, rawUpdate({ _: 'updateNewMessage', message: { _: 'message', id: 3, peerId: { _: 'peerUser', userId: 5 }, date: 1, message: 'so far' }, pts: 1, ptsCount: 1 }));
    expect(context.typing.draftOf(5)).toBeUndefined();
  });

  test('disappears after half a minute', async () => {
    const { context } = await makeContext();
    vi.useFakeTimers();
    try {
      reduce(context, rawUpdate({ _: 'updateUserTyping', userId: 5, action: action('so far') }));
      vi.advanceTimersByTime(29_999);
      expect(context.typing.draftOf(5)).toEqual({ text: 'so far', entities });
      vi.advanceTimersByTime(1);
      expect(context.typing.draftOf(5)).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('members', () => {
  test('an admin removes members, not the owner or themselves', () => {
    expect(readParticipant({ _: 'channelParticipant', userId: 5, date: 0 }, true, SELF)).toEqual([{ peer: 5, role: 'member', canRemove: true }]);
    expect(readParticipant({ _: 'channelParticipantSelf', userId: SELF, inviterId: 5, date: 0 }, true, SELF)).toMatchObject([{ canRemove: false }]);
    expect(readParticipant({ _: 'channelParticipantLeft', peer: { _: 'peerUser', userId: 5 } }, true, SELF)).toEqual([]);
    expect(readGroupMember({ _: 'chatParticipantCreator', userId: 5 }, true, SELF)).toMatchObject({ role: 'owner', canRemove: false });
  });

  test('in a basic group, whoever brought somebody may remove them', () => {
    expect(readGroupMember({ _: 'chatParticipant', userId: 5, inviterId: SELF, date: 0 }, false, SELF).canRemove).toBe(true);
    expect(readGroupMember({ _: 'chatParticipant', userId: 5, inviterId: 6, date: 0 }, false, SELF).canRemove).toBe(false);
  });
});
