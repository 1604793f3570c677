import type { tl } from '@mtcute/core';
import Long from 'long';
import type { FoundMessages, FoundOfKind, PeerId, SearchedKind, SearchQuestions, SearchResult } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { findFormer } from './former-chat.ts';
import { listSimilar } from './list-similar.ts';
import { peerIdOf } from './models/ids.ts';
import { type MessageRow, readMessage, snippetOf } from './models/message.ts';
import { listedChats } from './store/listed-chats.ts';
import { hasTag } from './models/text.ts';
import { compareChats } from './views/chats-view.ts';
import { isRefusal } from './refusal.ts';

const PEOPLE_MAX = 20;
const MESSAGES_MAX = 20;
/** Messages of one chat that are asked for at once. */
const PAGE = 50;

type InChat = SearchQuestions['search.inChat']['say'];

/** A page of what was found in a chat. */
interface FoundRows {
  rows: MessageRow[];
  total: number;
  hasMore: boolean;
}

/** Finds chats, people, groups, channels and messages. */
export class Search {
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  /** @param query part of a name, a `@name`, a phone number, or words */
  async everywhere(query: string): Promise<SearchResult> {
    const text = query.trim();
    const phone = readPhone(text);
    const [named, byPhone, found] = await Promise.all([
      this.#account.call({ _: 'contacts.search', q: text, limit: PEOPLE_MAX }),
      phone === undefined ? undefined : this.#findPhone(phone),
      this.findMessages(text, undefined),
    ]);
    const { store } = this.#account;
    const isOwn = byPhone !== undefined && (store.chats.has(byPhone) || store.peers.get(byPhone)?.isContact === true);
    const own = [...new Set([...this.#ownChats(text), ...named.myResults.map(peerIdOf), ...(isOwn ? [byPhone] : [])])];
    const others = new Set([...(byPhone === undefined ? [] : [byPhone]), ...named.results.map(peerIdOf)]);
    return { own, others: [...others].filter((id) => !own.includes(id)), ...found };
  }

  /** Channels or bots alone. @param query while it is empty, all of the account and, for channels, those that it might like */
  async ofKind(kind: SearchedKind, query: string): Promise<FoundOfKind> {
    const { store } = this.#account;
    const text = query.trim();
    const isWanted = (id: PeerId): boolean => {
      const peer = store.peers.get(id);
      return kind === 'channels' ? peer?.kind === 'channel' : peer?.isBot === true;
    };
    if (text === '') {
      const own = listedChats(store).sort(compareChats).map(({ peer }) => peer).filter(isWanted);
      return { own, others: kind === 'channels' ? await listSimilar(this.#account) : [] };
    }
    const named = await this.#account.call({ _: 'contacts.search', q: text, limit: PEOPLE_MAX });
    const own = [...new Set([...this.#ownChats(text), ...named.myResults.map(peerIdOf)])].filter(isWanted);
    return { own, others: named.results.map(peerIdOf).filter((id) => isWanted(id) && !own.includes(id)) };
  }

  /** Chats whose name begins with the text, or has a word that does, without asking the server. */
  #ownChats(text: string): PeerId[] {
    const { store } = this.#account;
    const wanted = text.replace(/^@/, '').toLowerCase();
    return listedChats(store).map(({ peer }) => peer).filter((id) => {
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

  /** Messages of all chats, the newest first. @param next as the page before gave it; undefined for the newest messages */
  async findMessages(query: string, next: FoundMessages['next']): Promise<FoundMessages> {
    const { rows, next: following } = await this.#findRows(query, next);
    return found(rows, following);
  }

  /** Messages with a hashtag, the newest first. The server also finds longer tags that begin with it. */
  async tagged({ tag, peer, next }: SearchQuestions['search.tag']['say']): Promise<FoundMessages> {
    if (peer === undefined) {
      const { rows, next: following } = await this.#findRows(tag, next);
      return found(rows.filter((row) => hasTag(row, tag)), following);
    }
    const { rows, hasMore } = await this.inChat({ peer: next?.peer ?? peer, query: tag, before: next?.message });
    const last = rows.at(-1);
    return found(rows.filter((row) => hasTag(row, tag)), hasMore && last ? { peer: last.peer, message: last.id, date: last.date } : undefined);
  }

  async #findRows(query: string, next: FoundMessages['next']): Promise<{ rows: MessageRow[]; next: FoundMessages['next'] }> {
    const answer = await this.#account.call({
      _: 'messages.searchGlobal',
      q: query.trim(),
      filter: { _: 'inputMessagesFilterEmpty' },
      minDate: 0,
      maxDate: 0,
      offsetRate: next?.date ?? 0,
      offsetPeer: next ? await this.#account.inputPeer(next.peer) : { _: 'inputPeerEmpty' },
      offsetId: next?.message ?? 0,
      limit: MESSAGES_MAX,
    });
    const rows = this.#read(answer);
    const last = rows.at(-1);
    const hasMore = answer._ === 'messages.messagesSlice' && last !== undefined && rows.length > 0;
    return { rows, next: hasMore ? { peer: last.peer, message: last.id, date: answer.nextRate ?? last.date } : undefined };
  }

  /** Messages of one chat, or of one thread or topic of it, the newest first. After those of a supergroup come those of the basic group from which it was made. */
  async inChat(say: InChat): Promise<FoundRows> {
    const page = await this.#inOne(say);
    const { peer, thread, query } = say;
    const former = thread === undefined ? await findFormer(this.#account, peer) : undefined;
    if (!former) return page;
    const old = await this.#inOne({ peer: former.peer, query });
    const total = page.total + old.total;
    return page.hasMore ? { ...page, total } : { rows: [...page.rows, ...old.rows], total, hasMore: old.hasMore };
  }

  async #inOne({ peer, thread, query, before }: InChat): Promise<FoundRows> {
    const answer = await this.#account.call({
      _: 'messages.search',
      peer: await this.#account.inputPeer(peer),
      topMsgId: thread,
      q: query.trim(),
      filter: { _: 'inputMessagesFilterEmpty' },
      minDate: 0,
      maxDate: 0,
      offsetId: before ?? 0,
      addOffset: 0,
      limit: PAGE,
      maxId: 0,
      minId: 0,
      hash: Long.ZERO,
    });
    const rows = this.#read(answer);
    const total = 'count' in answer ? answer.count : rows.length;
    return { rows, total, hasMore: rows.length > 0 && 'count' in answer && rows.length < total && rows.length >= Math.min(PAGE, total) };
  }

  #read(answer: tl.messages.TypeMessages): MessageRow[] {
    if (answer._ === 'messages.messagesNotModified') return [];
    return answer.messages.map((message) => readMessage(message, this.#account.me)).filter((row) => row !== undefined);
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

function found(rows: readonly MessageRow[], next: FoundMessages['next']): FoundMessages {
  return { messages: rows.map((row) => ({ peer: row.peer, snippet: snippetOf(row) })), next };
}

/** The digits of a text that looks like a phone number. Pure. */
export function readPhone(text: string): string | undefined {
  return /^\+?[\d\s()-]{5,}$/.test(text) ? text.replaceAll(/\D/g, '') : undefined;
}
