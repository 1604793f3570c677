import type { tl } from '@mtcute/core';
import Long from 'long';
import { GENERAL_TOPIC, type MessageId, type PeerId, type UnseenKind } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { findFormer } from './former-chat.ts';
import { Freshness } from './freshness.ts';
import { joinPages } from './join-pages.ts';
import { type MessageRow, readMessage } from './models/message.ts';
import { type Page, PAGE, type Pages, pagesOfStretch, type Stretch, type Where } from './pages.ts';

/** Asks for a page of a list, wherever it begins. */
const ALL = { offsetDate: 0, limit: PAGE, maxId: 0, minId: 0, hash: Long.ZERO };

/** Asks for the newest of a list. */
const NEWEST = { offsetId: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: Long.ZERO };

const LIST_UNSEEN = { mentions: 'messages.getUnreadMentions', reactions: 'messages.getUnreadReactions', votes: 'messages.getUnreadPollVotes' } as const;

/** Reads messages of chats: from the database where all of a stretch are known, else from the server. */
export class HistoryLoader {
  readonly #account: Account;
  readonly freshness = new Freshness();

  constructor(account: Account) {
    this.#account = account;
  }

  /**
   * The messages of a chat, of a topic, or the replies of a thread with the message that began it. Before the messages of a supergroup, and of the
   * topic General, stand those of the basic group from which it was made.
   */
  pagesOf(peer: PeerId, thread?: MessageId): Pages {
    if (thread === undefined) return this.#withFormer(peer, pagesOfStretch(() => this.#chat(peer)));
    const pages = pagesOfStretch(() => this.#thread(peer, thread));
    const withRoots = async (page: Page): Promise<Page> => (page.isStart ? { ...page, rows: [...(await this.#roots(peer, thread)), ...page.rows] } : page);
    const isRoot = (id: MessageId): boolean => this.#account.store.threads.get(peer, thread)?.roots.includes(id) === true;
    const replies: Pages = {
      older: async (before) => await withRoots(await pages.older(before)),
      newer: (after) => pages.newer(isRoot(after) ? thread : after),
      around: async (at) => {
        if (!('message' in at) || !isRoot(at.message)) return await pages.around(at);
        return await withRoots({ ...(await pages.newer(thread)), isStart: true });
      },
    };
    return thread === GENERAL_TOPIC && this.#account.store.peers.get(peer)?.isForum ? this.#withFormer(peer, replies) : replies;
  }

  #withFormer(peer: PeerId, pages: Pages): Pages {
    return joinPages(pages, async () => {
      const former = await findFormer(this.#account, peer);
      return former && { pages: pagesOfStretch(() => this.#chat(former.peer)), upTo: former.upTo };
    });
  }

  #chat(peer: PeerId): Stretch {
    const { store } = this.#account;
    return {
      start: 1,
      top: store.chats.get(peer)?.topId,
      ranges: store.ranges(peer),
      addRange: (range) => store.addRange(peer, range),
      list: (from, to) => store.listMessages(peer, from, to),
      ask: (where) => this.#ask(peer, where),
    };
  }

  #thread(peer: PeerId, top: MessageId): Stretch {
    const { store } = this.#account;
    const known = store.threads.get(peer, top);
    return {
      start: top,
      top: known?.topId,
      ranges: known?.ranges ?? [],
      addRange: (range) => store.threads.addRange(peer, top, range),
      list: async (from, to) => (await store.listMessages(peer, from, to)).filter((row) => store.threadOf(row) === top),
      ask: (where) => this.askReplies(peer, top, where),
    };
  }

  /** The message with which a thread began, and those of its album. */
  async #roots(peer: PeerId, thread: MessageId): Promise<MessageRow[]> {
    const roots = this.#account.store.threads.get(peer, thread)?.roots ?? [thread];
    const rows = await this.get(peer, roots).catch(() => []);
    return rows.sort((first, second) => first.id - second.id);
  }

  /** Pinned messages, of a forum those of one topic if one is named, the newest first. */
  async pinned(peer: PeerId, topic?: MessageId): Promise<MessageRow[]> {
    const answer = await this.#account.call({
      _: 'messages.search',
      peer: await this.#account.inputPeer(peer),
      topMsgId: topic,
      q: '',
      filter: { _: 'inputMessagesFilterPinned' },
      minDate: 0,
      maxDate: 0,
      ...NEWEST,
    });
    return this.#take(peer, answer).reverse();
  }

  /** The oldest message whose mention, reaction or vote was not seen. */
  async oldestUnseen(peer: PeerId, kind: UnseenKind, thread?: MessageId): Promise<MessageRow | undefined> {
    const asked = { peer: await this.#account.inputPeer(peer), topMsgId: thread, ...NEWEST } as const;
    const answer = await this.#account.call({ _: LIST_UNSEEN[kind], ...asked });
    return this.#take(peer, answer)[0];
  }

  /** Asks for single messages. Those that are gone are left out. */
  async get(peer: PeerId, ids: MessageId[]): Promise<MessageRow[]> {
    const known = await Promise.all(ids.map(async (id) => await this.#account.store.findMessage(peer, id)));
    const missing = ids.filter((_, index) => known[index] === undefined);
    const loaded = missing.length === 0 ? [] : await this.reload(peer, missing);
    return [...known.filter((row) => row !== undefined), ...loaded];
  }

  /** Asks the server for single messages, whatever is known of them. */
  async reload(peer: PeerId, ids: MessageId[]): Promise<MessageRow[]> {
    const id = ids.map((each) => ({ _: 'inputMessageID', id: each }) as const);
    const input = await this.#account.inputPeer(peer);
    const answer = await this.#account.call(
      input._ === 'inputPeerChannel'
        ? { _: 'channels.getMessages', channel: { _: 'inputChannel', channelId: input.channelId, accessHash: input.accessHash }, id }
        : { _: 'messages.getMessages', id },
    );
    return this.#take(peer, answer);
  }

  async #ask(peer: PeerId, where: Where): Promise<MessageRow[]> {
    return this.#take(peer, await this.#account.call({ _: 'messages.getHistory', peer: await this.#account.inputPeer(peer), ...ALL, ...where }));
  }

  /** Asks the server for replies of a thread, whatever is known of them. @param where by default the newest ones */
  async askReplies(peer: PeerId, thread: MessageId, where: Where = { offsetId: 0, addOffset: 0 }): Promise<MessageRow[]> {
    const rows = this.#take(peer, await this.#account.call({ _: 'messages.getReplies', peer: await this.#account.inputPeer(peer), msgId: thread, ...ALL, ...where }));
    return rows.filter((row) => this.#account.store.threadOf(row) === thread);
  }

  #take(peer: PeerId, answer: tl.messages.TypeMessages): MessageRow[] {
    if (answer._ === 'messages.messagesNotModified') return [];
    const rows = answer.messages.map((message) => readMessage(message, this.#account.me)).filter((row) => row?.peer === peer);
    this.freshness.note(peer, rows.map((row) => row!.id));
    return rows.map((row) => this.#account.store.putMessage(row!)).sort((first, second) => first.id - second.id);
  }
}
