import type { tl } from '@mtcute/core';
import type { MessageId, PeerId } from '../../protocol/index.ts';
import type { Store } from '../store/store.ts';
import type { TypingList } from '../store/typing-list.ts';

/** What reducers may use. Reducers are synchronous and ask the server nothing: what they cannot know they leave to `refresh`. */
export interface ReduceContext {
  store: Store;
  typing: TypingList;
  self: PeerId;
  /** Seconds since 1970, by the server's clock as far as it is known. */
  now(): number;
  /** Loads rows of chats anew, because an update said too little. */
  refreshChats(peers: PeerId[]): void;
  /** Loads topics of a forum anew. */
  refreshTopics(peer: PeerId, topics: MessageId[]): void;
  /** Asks how many replies messages have. */
  recount(peer: PeerId, messages: MessageId[]): void;
  /** Loads people, groups or channels anew. */
  refreshPeers(peers: PeerId[]): void;
  /** Loads the address book anew. */
  refreshContacts(): void;
  /** Loads the folders anew. */
  refreshFolders(): void;
}

/** Changes the store as one kind of update says. */
export type Reducer<Name extends tl.TypeUpdate['_']> = (context: ReduceContext, update: tl.FindByName<tl.TypeUpdate, Name>) => void;
export type Reducers = { [Name in tl.TypeUpdate['_']]?: Reducer<Name> };
