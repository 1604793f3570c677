import type { RawUpdateInfo, tl } from '@mtcute/core';
import Long from 'long';
import type { Chat, Peer } from '../src/protocol/index.ts';
import { Database } from '../src/worker/store/database.ts';
import type { ReduceContext } from '../src/worker/reduce/context.ts';
import { Store } from '../src/worker/store/store.ts';
import { TypingList } from '../src/worker/store/typing-list.ts';

/** The account of these tests. */
export const SELF = 1;

export const RIGHTS = { write: true, sendMedia: true, sends: [], pin: true, invite: true, changeInfo: true, deleteOthers: true, createTopics: true, manageTopics: true, editOthers: false, promote: true };

/** A row of the list of chats. */
export const makeChat = (peer: number, values: Partial<Chat> = {}): Chat => ({ peer, topId: 1, date: 1, unread: 0, mentions: 0, readInboxId: 0, readOutboxId: 0, ...values });

/** A person, group or channel. */
export const makePeer = (id: number, values: Partial<Peer> = {}): Peer => ({ id, kind: 'user', name: `Peer ${id}`, usernames: [], rights: RIGHTS, ...values });

/** A person as the server tells it. */
export const rawUser = (values: Partial<tl.RawUser> = {}): tl.RawUser => ({ _: 'user', id: 5, accessHash: Long.ONE, firstName: 'Bob', ...values });

/** A store in a database of its own, and what reducers get. */
export async function makeContext(): Promise<{ store: Store; context: ReduceContext; asked: { chats: number[]; topics: number[]; peers: number[]; counts: string[]; contacts: number; folders: number } }> {
  const database = await Database.open();
  const store = new Store(database, { stage: 'ready', me: SELF, connection: 'connected', isTestMode: false }, () => undefined);
  const asked = { chats: [] as number[], topics: [] as number[], peers: [] as number[], counts: [] as string[], contacts: 0, folders: 0 };
  const context: ReduceContext = {
    store,
    typing: new TypingList((peer) => store.noteTyping(peer)),
    self: SELF,
    now: () => 1000,
    refreshChats: (peers) => void asked.chats.push(...peers),
    refreshTopics: (_, topics) => void asked.topics.push(...topics),
    refreshPeers: (peers) => void asked.peers.push(...peers),
    refreshContacts: () => void asked.contacts++,
    refreshFolders: () => void asked.folders++,
    recount: (peer, messages) => void asked.counts.push(...messages.map((message) => `${peer}:${message}`)),
  };
  return { store, context, asked };
}

/** An update, as the client of mtcute hands it on. */
export const rawUpdate = (update: tl.TypeUpdate): RawUpdateInfo => ({ update, peers: { users: new Map(), chats: new Map() } }) as unknown as RawUpdateInfo;
