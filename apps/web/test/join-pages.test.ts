import { describe, expect, test } from 'vitest';
import { type MessageId, positionIn } from '../src/protocol/index.ts';
import { joinPages } from '../src/worker/join-pages.ts';
import type { MessageRow } from '../src/worker/models/message.ts';
import { type Page, PAGE, type Pages } from '../src/worker/pages.ts';

const GROUP = -10;
const SUPERGROUP = -1_000_000_000_009;

/** A list of messages with these ids, as a server would answer. @param asked counts its answers */
function listOf(peer: number, ids: readonly MessageId[], asked: { n: number }): Pages {
  const all = ids.map((id): MessageRow => ({ key: `${peer}:${id}`, peer, id, from: 1, date: peer === GROUP ? id : id + 10_000, isOut: false, text: '' }));
  const cut = (from: number, to: number): Page => ({ rows: all.slice(Math.max(0, from), to), isStart: from <= 0, isEnd: to >= all.length });
  const answer = (page: Page): Promise<Page> => {
    asked.n++;
    return Promise.resolve(page);
  };
  const after = (isAfter: (row: MessageRow) => boolean): number => {
    const found = all.findIndex(isAfter);
    return found === -1 ? all.length : found;
  };
  return {
    older: (before) => {
      const end = before === undefined ? all.length : after(({ id }) => id >= before);
      return answer({ ...cut(end - PAGE, end), isEnd: before === undefined });
    },
    newer: (from) => {
      const start = after(({ id }) => id > from);
      return answer({ ...cut(start, start + PAGE), isStart: false });
    },
    around: (at) => {
      const middle = after(({ id, date }) => ('message' in at ? id >= at.message : date >= at.date));
      const page = cut(middle - PAGE / 2, middle + PAGE / 2);
      return answer({ ...page, isStart: page.rows.length === 0 });
    },
  };
}

/** The joined list of some old and some new messages, and their positions. */
function join(old: readonly MessageId[], fresh: readonly MessageId[]): { pages: Pages; all: number[]; asked: { n: number } } {
  const asked = { n: 0 };
  const upTo = old.at(-1);
  const pages = joinPages(listOf(SUPERGROUP, fresh, asked), () => Promise.resolve(upTo === undefined ? undefined : { pages: listOf(GROUP, old, asked), upTo }));
  return { pages, all: [...old.map((id) => positionIn(SUPERGROUP, { peer: GROUP, id })), ...fresh], asked };
}

const positionsOf = ({ rows }: Page): number[] => rows.map((row) => positionIn(SUPERGROUP, row));

/** Goes from the newest message to the oldest. */
async function walkBack(pages: Pages): Promise<number[]> {
  let page = await pages.older(undefined);
  let walked = positionsOf(page);
  while (!page.isStart) {
    page = await pages.older(walked[0]);
    walked = [...positionsOf(page), ...walked];
  }
  return walked;
}

/** Goes from a message to the newest one. */
async function walkOn(pages: Pages, from: number): Promise<number[]> {
  let page = await pages.around({ message: from });
  let walked = positionsOf(page);
  while (!page.isEnd) {
    page = await pages.newer(walked.at(-1)!);
    walked = [...walked, ...positionsOf(page)];
  }
  return walked;
}

/** Numbers that look random and are the same in each run. */
function* numbers(): Generator<number, never> {
  for (let state = 7; ; state = (state * 48_271) % 2_147_483_647) yield state;
}

describe('the history of a supergroup that was a basic group', () => {
  test('has each message once, in order, wherever one begins', async () => {
    const random = numbers();
    const below = (n: number): number => random.next().value % n;
    const ids = (count: number): number[] => Array.from({ length: count }, (_, index) => 1 + index * 2 + below(2));
    for (let round = 0; round < 120; round++) {
      const { pages, all } = join(ids(below(230)), ids(below(230)));
      expect(await walkBack(pages)).toEqual(all);
      if (all.length === 0) continue;
      const from = all[below(all.length)]!;
      const walked = await walkOn(pages, from);
      expect(walked).toContain(from);
      expect(walked).toEqual(all.slice(all.indexOf(walked[0]!)));
    }
  });

  test('asks for no more pages than one chat with as many messages', async () => {
    const { pages, all, asked } = join(Array.from({ length: 1000 }, (_, index) => index + 1), Array.from({ length: 1000 }, (_, index) => index + 1));
    await walkBack(pages);
    expect(asked.n).toBeLessThanOrEqual((all.length / PAGE) * 1.1);
  });

  test('is that of the supergroup alone if there are no old messages', async () => {
    const { pages } = join([], [1, 2, 3]);
    expect(await pages.older(undefined)).toMatchObject({ isStart: true, isEnd: true });
    await expect(pages.around({ message: positionIn(SUPERGROUP, { peer: GROUP, id: 3 }) })).rejects.toThrow('MESSAGE_ID_INVALID');
  });

  test('finds a moment before the change among the old messages, and a later one among the new', async () => {
    const { pages } = join([1, 2, 3], [1, 2, 3]);
    const first = async (date: number): Promise<MessageRow | undefined> => (await pages.around({ date })).rows.find((row) => row.date >= date);
    expect(await first(2)).toMatchObject({ peer: GROUP, id: 2 });
    expect(await first(10_002)).toMatchObject({ peer: SUPERGROUP, id: 2 });
    expect(await first(5000)).toMatchObject({ peer: SUPERGROUP, id: 1 });
  });
});
