import type { Message, MessageId, PeerId } from '../models.ts';
import type { FoundMessages, FoundOfKind, SearchedKind, SearchResult } from '../search.ts';

/** Messages of a chat, the newest first. */
export interface MessagePage {
  messages: Message[];
  /** How many there are in all. */
  total: number;
  hasMore: boolean;
}

/** What is found in the search box, and in a chat. */
export interface SearchQuestions {
  'search.everywhere': { say: { query: string }; get: SearchResult };
  /** More messages for what was searched for everywhere. */
  'search.moreMessages': { say: { query: string; next: FoundMessages['next'] }; get: FoundMessages };
  /** Only channels, or only bots. */
  'search.kind': { say: { kind: SearchedKind; query: string }; get: FoundOfKind };
  /** Messages with a hashtag or cashtag, in one chat or in all. `next`: as the answer before this one gave it; absent for the newest messages. */
  'search.tag': { say: { tag: string; peer?: PeerId; next?: FoundMessages['next'] }; get: FoundMessages };
  /** `thread`: only in this thread or topic. A next page begins before the last message that was found, in its chat: a supergroup's messages follow those of the basic group from which it was made. */
  'search.inChat': { say: { peer: PeerId; thread?: MessageId; query: string; before?: MessageId }; get: MessagePage };
  /** Remembers who was opened from the search box. */
  'search.noteRecent': { say: { peer: PeerId }; get: void };
  'search.forgetRecents': { say: void; get: void };
}
