import type { tl } from '@mtcute/core';
import type { PeerId, SearchResult, Snippet } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { peerIdOf } from './models/ids.ts';
import { readMessage, snippetOf } from './models/message.ts';
import { isRefusal } from './refusal.ts';

const PEOPLE_MAX = 20;
const MESSAGES_MAX = 20;

/** Finds chats, people, groups, channels and messages. */
export class Search {
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  /** @param query part of a name, a `@name`, a phone number, or words */
  async everywhere(query: string): Promise<SearchResult> {
    const text = query.trim();
    const phone = /^\+?[\d\s()-]{5,}$/.test(text) ? text.replaceAll(/\D/g, '') : undefined;
    const [named, byPhone, messages] = await Promise.all([
      this.#account.call({ _: 'contacts.search', q: text, limit: PEOPLE_MAX }),
      phone === undefined ? undefined : this.#findPhone(phone),
      this.#findMessages(text),
    ]);
    const own = named.myResults.map(peerIdOf);
    return { own: [...new Set([...this.#ownChats(text), ...own, ...(byPhone === undefined ? [] : [byPhone])])], others: named.results.map(peerIdOf).filter((id) => !own.includes(id)), messages };
  }

  /** Chats whose name begins with the text, or has a word that does, without asking the server. */
  #ownChats(text: string): PeerId[] {
    const { store } = this.#account;
    const wanted = text.replace(/^@/, '').toLowerCase();
    return [...store.chats.keys()].filter((id) => {
      const peer = store.peers.get(id);
      const words = [...(peer?.name.split(/\s+/) ?? []), peer?.name ?? '', ...(peer?.usernames ?? [])];
      return words.some((word) => word.toLowerCase().startsWith(wanted));
    });
  }

  async #findPhone(phone: string): Promise<PeerId | undefined> {
    try {
      return peerIdOf((await this.#account.call({ _: 'contacts.resolvePhone', phone })).peer);
    } catch {
      return undefined;
    }
  }

  async #findMessages(q: string): Promise<{ peer: PeerId; snippet: Snippet }[]> {
    const answer: tl.messages.TypeMessages = await this.#account.call({
      _: 'messages.searchGlobal',
      q,
      filter: { _: 'inputMessagesFilterEmpty' },
      minDate: 0,
      maxDate: 0,
      offsetRate: 0,
      offsetPeer: { _: 'inputPeerEmpty' },
      offsetId: 0,
      limit: MESSAGES_MAX,
    });
    if (answer._ === 'messages.messagesNotModified') return [];
    return answer.messages.flatMap((message) => {
      const row = readMessage(message, this.#account.me);
      return row ? [{ peer: row.peer, snippet: snippetOf(row) }] : [];
    });
  }

  /** The owner of a public name. */
  async resolve(username: string): Promise<PeerId | undefined> {
    try {
      return peerIdOf((await this.#account.call({ _: 'contacts.resolveUsername', username })).peer);
    } catch (error) {
      if (isRefusal(error, 'USERNAME_NOT_OCCUPIED') || isRefusal(error, 'USERNAME_INVALID')) return undefined;
      throw error;
    }
  }
}
