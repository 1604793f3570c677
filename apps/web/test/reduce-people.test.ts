import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import { readGroupMember, readParticipant } from '../src/worker/views/members-view.ts';
import { reduce } from '../src/worker/reduce/index.ts';
import { makeContext, makePeer, rawUpdate, SELF } from './made.ts';

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

  test('typing is shown of others only', async () => {
    const { context } = await makeContext();
    const action = { _: 'sendMessageTypingAction' } as const;
    reduce(context, rawUpdate({ _: 'updateChatUserTyping', chatId: 4, fromId: { _: 'peerUser', userId: SELF }, action }));
    reduce(context, rawUpdate({ _: 'updateChatUserTyping', chatId: 4, fromId: { _: 'peerUser', userId: 5 }, action }));
    expect(context.typing.list(-4)).toEqual([{ user: 5, action: 'typing' }]);
    context.typing.stop(-4, 5);
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
