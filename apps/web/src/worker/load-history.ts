import type { tl } from '@mtcute/core';
import Long from 'long';
import type { MessageId, PeerId, UnseenKind } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { Freshness } from './freshness.ts';
import { type MessageRow, readMessage } from './models/message.ts';
import { type Range, rangeAt } from './store/ranges.ts';

/** Messages that are loaded at once. */
export const PAGE = 50;

/** Asks for a page of a list, wherever it begins. */
const ALL = { offsetDate: 0, limit: PAGE, maxId: 0, minId: 0, hash: Long.ZERO };

/** Asks for the newest of a list. */
const NEWEST = { offsetId: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: Long.ZERO };

const LIST_UNSEEN = { mentions: 'messages.getUnreadMentions', reactions: 'messages.getUnreadReactions', votes: 'messages.getUnreadPollVotes' } as const;

const ID_MAX = 2 ** 31 - 1;

/** Some messages of a chat in ascending order, and whether there are more beyond them. */
export interface Page {
  rows: MessageRow[];
  /** No message is older. */
  isStart: boolean;
  /** No message is newer. */
  isEnd: boolean;
}

/** A list of messages in which one can move: all of a chat, or a thread. */
export interface Pages {
  /** Messages older than one; the newest ones if none is named. */
  older(before: MessageId | undefined): Promise<Page>;
  newer(after: MessageId): Promise<Page>;
  /** Messages on both sides of one, or of a moment. */
  around(at: { message: MessageId } | { date: number }): Promise<Page>;
}

/** Where a page of a list begins. */
interface Where {
  offsetId: number;
  addOffset: number;
  offsetDate?: number;
}

/** What is known of a list of messages, and how the server is asked for more. */
interface Stretch {
  /** Nothing in the list is older than this. */
  start: MessageId;
  /** The newest message, if it is known. */
  top: MessageId | undefined;
  ranges: readonly Range[];
  addRange(range: Range): void;
  /** Messages of the database, from one id to another. */
  list(from: MessageId, to: MessageId): Promise<MessageRow[]>;
  ask(where: Where): Promise<MessageRow[]>;
}

/** Reads messages of chats: from the database where all of a stretch are known, else from the server. */
export class HistoryLoader {
  readonly #account: Account;
  readonly freshness = new Freshness();

  constructor(account: Account) {
    this.#account = account;
  }

  /** The messages of a chat, of a topic, or the replies of a thread with the message that began it. */
  pagesOf(peer: PeerId, thread?: MessageId): Pages {
    if (thread === undefined) return pagesOfStretch(() => this.#chat(peer));
    const pages = pagesOfStretch(() => this.#thread(peer, thread));
    const withRoots = async (page: Page): Promise<Page> => (page.isStart ? { ...page, rows: [...(await this.#roots(peer, thread)), ...page.rows] } : page);
    const isRoot = (id: MessageId): boolean => this.#account.store.threads.get(peer, thread)?.roots.includes(id) === true;
    return {
      older: async (before) => await withRoots(await pages.older(before)),
      newer: (after) => pages.newer(isRoot(after) ? thread : after),
      around: async (at) => {
        if (!('message' in at) || !isRoot(at.message)) return await pages.around(at);
        return await withRoots({ ...(await pages.newer(thread)), isStart: true });
      },
    };
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

/** Moves in a list of messages. @param find tells what is known of it now */
function pagesOfStretch(find: () => Stretch): Pages {
  return {
    async older(before) {
      const { start, top, ranges, list, ask, addRange } = find();
      const end = before === undefined ? top : before - 1;
      const range = end === undefined ? undefined : rangeAt(ranges, end);
      if (range && end !== undefined) {
        const rows = await list(range.from, end);
        if (rows.length >= PAGE || range.from <= start) return { rows: rows.slice(-PAGE), isStart: range.from <= start && rows.length <= PAGE, isEnd: before === undefined };
      }
      const rows = await ask({ offsetId: before ?? 0, addOffset: 0 });
      const isStart = rows.length < PAGE;
      const from = isStart ? start : rows[0]!.id;
      const to = before === undefined ? (rows.at(-1)?.id ?? 0) : before - 1;
      if (to >= from) addRange({ from, to });
      return { rows, isStart, isEnd: before === undefined };
    },
    async newer(after) {
      const { ranges, list, ask, addRange, ...known } = find();
      const top = known.top ?? ID_MAX;
      const range = rangeAt(ranges, after + 1);
      if (range) {
        const rows = await list(after + 1, range.to);
        if (rows.length >= PAGE || range.to >= top) return { rows: rows.slice(0, PAGE), isStart: false, isEnd: range.to >= top && rows.length <= PAGE };
      }
      const rows = (await ask({ offsetId: after + 1, addOffset: -PAGE })).filter(({ id }) => id > after);
      const last = rows.at(-1)?.id;
      if (last !== undefined) addRange({ from: after + 1, to: last });
      return { rows, isStart: false, isEnd: rows.length < PAGE || last === find().top };
    },
    async around(at) {
      const half = Math.floor(PAGE / 2);
      const { ask, addRange } = find();
      const rows = await ask({ ...('message' in at ? { offsetId: at.message } : { offsetId: 0, offsetDate: at.date }), addOffset: -half });
      const [first, last] = [rows[0]?.id, rows.at(-1)?.id];
      if (first !== undefined && last !== undefined) addRange({ from: first, to: last });
      return { rows, isStart: rows.length === 0, isEnd: rows.length === 0 || last === find().top };
    },
  };
}
