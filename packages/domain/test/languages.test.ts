import { createFakeClock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { describe, expect, it } from 'vitest';

import type { UserRow } from '../src/peers/index.ts';
import { NO_GROUPS, UNTOUCHED } from '../src/privacy/index.ts';
import { NO_RELATION } from '../src/relations/index.ts';
import { Languages } from '../src/users/device-languages.ts';
import { projectUser } from '../src/users/project-user.ts';

describe('the languages of people', () => {
  const named = new Map([[1n, 'de'], [2n, 'pt-BR'], [3n, 'x; DROP'], [4n, 'a'.repeat(64)]]);
  const clock = createFakeClock();
  const asked: bigint[][] = [];
  const run = (_statement: unknown, [ids]: [bigint[]]) => {
    asked.push(ids);
    return Promise.resolve({ rows: ids.flatMap((user_id) => (named.has(user_id) ? [{ user_id, lang_code: named.get(user_id)! }] : [])) });
  };
  const languages = new Languages({ db: { run } as unknown as Pick<Database, 'run'>, clock });

  it('are language tags, whatever clients name', async () => {
    expect(languages.peek(1n)).toBeUndefined();
    expect(await languages.find([1n, 2n, 3n, 4n, 5n])).toEqual(new Map([[1n, 'de'], [2n, 'pt-br'], [3n, ''], [4n, ''], [5n, '']]));
    expect([languages.peek(1n), languages.peek(5n)]).toEqual(['de', '']);
  });

  it('are read again after a minute', async () => {
    named.set(1n, 'fr');
    expect((await languages.find([1n, 6n])).get(1n)).toBe('de');
    await clock.advance(61_000);
    expect(languages.peek(1n)).toBeUndefined();
    expect((await languages.find([1n])).get(1n)).toBe('fr');
    expect(asked).toEqual([[1n, 2n, 3n, 4n, 5n], [6n], [1n]]);
  });

  it('are shown to bots alone', () => {
    const person = { user_id: 7n, first_name: 'P', last_name: '', bot: false, deleted: false, online_date: 0, photo_id: null, fallback_photo_id: null } as UserRow;
    const seenBy = (bot: boolean, language: string, row = person) =>
      projectUser({ viewer: { id: 5n, bot, groups: NO_GROUPS }, viewerPrivacy: UNTOUCHED, premium: 'nobody', nowDate: 0 }, row, { relation: NO_RELATION, owner: UNTOUCHED, groups: NO_GROUPS, language }, 1n).lang_code;
    expect([seenBy(true, 'de'), seenBy(true, ''), seenBy(false, 'de'), seenBy(true, 'de', { ...person, deleted: true })]).toEqual(['de', undefined, undefined, undefined]);
  });
});
