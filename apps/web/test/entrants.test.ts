import type { tl } from '@mtcute/core';
import { describe, expect, test } from 'vitest';
import type { EntrantPage } from '../src/protocol/index.ts';
import { appendEntrants, replaceFirst } from '../src/page/manage/join-entrants.ts';
import type { Account } from '../src/worker/account.ts';
import { listEntrants } from '../src/worker/list-entrants.ts';

/** People who came one after the other, the last one first. */
const people = (first: number, last: number): EntrantPage['people'] => Array.from({ length: first - last + 1 }, (_, at) => ({ peer: first - at, date: first - at }));

/** An account of an admin whom so many people have asked. */
function makeAccount(all: number): Account {
  const call = ({ offsetDate, limit }: tl.messages.RawGetChatInviteImportersRequest): Promise<Partial<tl.messages.RawChatInviteImporters>> => {
    const rows = people(all, 1).filter(({ date }) => offsetDate === 0 || date < offsetDate).slice(0, limit);
    return Promise.resolve({ count: all, importers: rows.map(({ peer, date }) => ({ _: 'chatInviteImporter', userId: peer, date })) });
  };
  return { call, inputPeer: () => ({}), inputUser: () => ({}) } as unknown as Account;
}

describe('people who ask to be let in', () => {
  test('are listed page by page, each once', async () => {
    const account = makeAccount(120);
    let known = await listEntrants(account, -9, { requested: true }, undefined);
    expect(known.people.length).toBe(50);
    while (known.next !== undefined) known = appendEntrants(known, await listEntrants(account, -9, { requested: true }, known.next));
    expect(known.people).toEqual(people(120, 1));
  });

  test('are 400 at most', () => {
    expect(appendEntrants({ people: people(900, 551), next: 'a' }, { people: people(550, 501), next: 'b' })).toMatchObject({ people: people(900, 501), next: undefined });
  });

  test('stay as far as they were scrolled through when the first ones change', () => {
    const known = { people: people(120, 21), next: 'next' };
    const first = { people: [{ peer: 500, date: 121 }, ...people(118, 70)], next: 'first' };
    expect(replaceFirst(known, first)).toEqual({ people: [...first.people, ...people(69, 21)], next: 'next' });
    // Those who are gone from a list that is whole are gone.
    expect(replaceFirst(known, { people: people(30, 21) })).toEqual({ people: people(30, 21) });
  });
});
