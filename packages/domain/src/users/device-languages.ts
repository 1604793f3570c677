import { type Clock, RecentMap } from '@aerogram/runtime';
import { type Database, defineStatement } from '@aerogram/storage';

const readLanguages = defineStatement<{ user_id: bigint; lang_code: string }>(
  'read_languages',
  `SELECT DISTINCT ON (a.user_id) a.user_id, k.lang_code FROM authorizations a JOIN auth_keys k USING (auth_key_id)
    WHERE a.user_id = ANY ($1::bigint[]) AND k.lang_code <> '' ORDER BY a.user_id, a.active_date DESC`,
);

/** The languages of the devices that these people used last. Those of whom none is known are left out. */
export async function listLanguages(db: Pick<Database, 'run'>, userIds: readonly bigint[]): Promise<Map<bigint, string>> {
  const { rows } = await db.run(readLanguages, [userIds]);
  return new Map(rows.map((row) => [row.user_id, row.lang_code]));
}

/** How long a language is taken from memory, in seconds. A device that changes its language tells nobody. */
const KEPT_S = 60;
/** Maximum number of people whose languages are kept, about 100 bytes each. */
const PEOPLE_MAX = 50_000;
/** A language as bots read it. What a client names may be anything. @see https://en.wikipedia.org/wiki/IETF_language_tag */
const TAG = /^[a-z]{2,8}(?:-[a-z0-9]{1,8}){0,3}$/;

interface Kept {
  /** '': none is known. */
  language: string;
  untilDate: number;
}

/** The languages of people, which bots are told. */
export class Languages {
  readonly #db: Pick<Database, 'run'>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #kept = new RecentMap<bigint, Kept>(PEOPLE_MAX);

  constructor({ db, clock }: { db: Pick<Database, 'run'>; clock: Pick<Clock, 'now'> }) {
    this.#db = db;
    this.#clock = clock;
  }

  /** The language of somebody, if it was read a short time ago; '' if none is known. Reads nothing. */
  peek(userId: bigint): string | undefined {
    const kept = this.#kept.get(userId);
    return kept !== undefined && kept.untilDate > this.#clock.now() ? kept.language : undefined;
  }

  /** The languages of these people; '' for those of whom none is known. */
  async find(userIds: readonly bigint[]): Promise<Map<bigint, string>> {
    const found = new Map(userIds.map((userId) => [userId, this.peek(userId)]));
    const unread = userIds.filter((userId) => found.get(userId) === undefined);
    const read = unread.length === 0 ? new Map<bigint, string>() : await listLanguages(this.#db, unread);
    const untilDate = this.#clock.now() + KEPT_S;
    for (const userId of unread) {
      const named = read.get(userId)?.toLowerCase() ?? '';
      const language = TAG.test(named) ? named : '';
      this.#kept.set(userId, { language, untilDate });
      found.set(userId, language);
    }
    return found as Map<bigint, string>;
  }
}
