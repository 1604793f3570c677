import type { MessageId } from '../protocol/index.ts';
import type { MessageRow } from './models/message.ts';
import { type Range, rangeAt } from './store/ranges.ts';

/** Messages that are loaded at once. */
export const PAGE = 50;

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
export interface Where {
  offsetId: number;
  addOffset: number;
  offsetDate?: number;
}

/** What is known of a list of messages, and how the server is asked for more. */
export interface Stretch {
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

/** Moves in a list of messages. @param find tells what is known of it now */
export function pagesOfStretch(find: () => Stretch): Pages {
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
