import type { tl } from '@mtcute/core';
import Long from 'long';
import type { MessageId, PeerId, UnseenKind } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { type MessageRow, readMessage } from './models/message.ts';
import { rangeAt } from './store/ranges.ts';

/** Messages that are loaded at once. */
export const PAGE = 50;

/** Asks for the newest of a list. */
const NEWEST = { offsetId: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: Long.ZERO };

const ID_MAX = 2 ** 31 - 1;

/** Some messages of a chat in ascending order, and whether there are more beyond them. */
export interface Page {
  rows: MessageRow[];
  /** No message is older. */
  isStart: boolean;
  /** No message is newer. */
  isEnd: boolean;
}

/** Reads messages of chats: from the database where all of a stretch are known, else from the server. */
export class HistoryLoader {
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  /** Messages older than a message; the newest ones if none is named. */
  async older(peer: PeerId, before: MessageId | undefined): Promise<Page> {
    const { store } = this.#account;
    const top = store.chats.get(peer)?.topId;
    const end = before === undefined ? top : before - 1;
    const range = end === undefined ? undefined : rangeAt(store.ranges(peer), end);
    if (range && end !== undefined) {
      const rows = await store.listMessages(peer, range.from, end);
      if (rows.length >= PAGE || range.from <= 1) return { rows: rows.slice(-PAGE), isStart: range.from <= 1 && rows.length <= PAGE, isEnd: before === undefined };
    }
    const rows = await this.#ask(peer, { offsetId: before ?? 0, addOffset: 0 });
    const isStart = rows.length < PAGE;
    const from = isStart ? 1 : rows[0]!.id;
    const to = before === undefined ? (rows.at(-1)?.id ?? 0) : before - 1;
    if (to >= from) store.addRange(peer, { from, to });
    return { rows, isStart, isEnd: before === undefined };
  }

  /** Messages newer than one. */
  async newer(peer: PeerId, after: MessageId): Promise<Page> {
    const { store } = this.#account;
    const top = store.chats.get(peer)?.topId ?? ID_MAX;
    const range = rangeAt(store.ranges(peer), after + 1);
    if (range) {
      const rows = await store.listMessages(peer, after + 1, range.to);
      if (rows.length >= PAGE || range.to >= top) return { rows: rows.slice(0, PAGE), isStart: false, isEnd: range.to >= top && rows.length <= PAGE };
    }
    const rows = (await this.#ask(peer, { offsetId: after + 1, addOffset: -PAGE })).filter(({ id }) => id > after);
    const last = rows.at(-1)?.id;
    if (last !== undefined) store.addRange(peer, { from: after + 1, to: last });
    return { rows, isStart: false, isEnd: rows.length < PAGE || last === store.chats.get(peer)?.topId };
  }

  /** Messages on both sides of one, or of a moment. */
  async around(peer: PeerId, at: { message: MessageId } | { date: number }): Promise<Page> {
    const { store } = this.#account;
    const half = Math.floor(PAGE / 2);
    const offset = 'message' in at ? { offsetId: at.message } : { offsetId: 0, offsetDate: at.date };
    const rows = await this.#ask(peer, { ...offset, addOffset: -half });
    const [first, last] = [rows[0]?.id, rows.at(-1)?.id];
    if (first !== undefined && last !== undefined) store.addRange(peer, { from: first, to: last });
    return { rows, isStart: rows.length === 0, isEnd: rows.length === 0 || last === store.chats.get(peer)?.topId };
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

  /** The oldest message whose mention, or reaction, was not seen. */
  async oldestUnseen(peer: PeerId, kind: UnseenKind): Promise<MessageRow | undefined> {
    const asked = { peer: await this.#account.inputPeer(peer), ...NEWEST } as const;
    const answer = await this.#account.call(kind === 'mentions' ? { _: 'messages.getUnreadMentions', ...asked } : { _: 'messages.getUnreadReactions', ...asked });
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

  async #ask(peer: PeerId, where: { offsetId: number; addOffset: number; offsetDate?: number }): Promise<MessageRow[]> {
    const answer = await this.#account.call({
      _: 'messages.getHistory',
      peer: await this.#account.inputPeer(peer),
      offsetDate: 0,
      limit: PAGE,
      maxId: 0,
      minId: 0,
      hash: Long.ZERO,
      ...where,
    });
    return this.#take(peer, answer);
  }

  #take(peer: PeerId, answer: tl.messages.TypeMessages): MessageRow[] {
    if (answer._ === 'messages.messagesNotModified') return [];
    const rows = answer.messages.map((message) => readMessage(message, this.#account.me)).filter((row) => row?.peer === peer);
    return rows.map((row) => this.#account.store.putMessage(row!)).sort((first, second) => first.id - second.id);
  }
}
