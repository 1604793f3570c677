import type { OtherHomes } from '@aerogram/cluster';
import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import { findUserRows, type UserRow } from '../peers/index.ts';
import { findOwnersPrivacy, isVisible, type KnownViewer, namesGroups, NO_GROUPS, type OwnerPrivacy, type PrivacyKey, type PrivacyRule, UNTOUCHED } from '../privacy/index.ts';
import { findRelations, NO_RELATION, pairKey, type Relation } from '../relations/index.ts';
import { groupBy } from '../shared/index.ts';
import { takeCardVersion } from './card-store.ts';
import type { Card } from './card.ts';

type Homes = Pick<OtherHomes, 'dcOf'>;

interface Reader {
  person_id: bigint;
  viewer_id: bigint;
  is_bot: boolean;
}

// Privacy rules tell readers apart by what the person has: a contact, a block, a name in a rule. All others of a data centre see the same if they are people, and so do all bots, so one of each
// stands for all: another data centre may have made up any number of them. The lowest bits of an id are those of its data centre.
const readReaders = defineStatement<Reader>(
  'read_card_readers',
  `WITH told_apart AS (
     SELECT owner_id AS person_id, user_id AS viewer_id FROM contacts WHERE owner_id = ANY ($1::bigint[])
      UNION SELECT owner_id, peer_id FROM blocked_peers WHERE owner_id = ANY ($1::bigint[])
      UNION SELECT owner_id, unnest(ids) FROM privacy_rules WHERE owner_id = ANY ($1::bigint[]))
   SELECT r.person_id, r.viewer_id, COALESCE(c.is_bot, false) AS is_bot
     FROM (
       SELECT r.person_id, r.viewer_id FROM told_apart t JOIN card_readers r USING (person_id, viewer_id)
        UNION ALL
       SELECT p.person_id, other.viewer_id FROM unnest($1::bigint[]) AS p (person_id), generate_series(1, 5) AS of (dc), (VALUES (true), (false)) AS kind (is_bot), LATERAL (
         SELECT r.viewer_id FROM card_readers r LEFT JOIN cards b ON b.person_id = r.viewer_id
          WHERE r.person_id = p.person_id AND (r.viewer_id & 7) = of.dc AND COALESCE(b.is_bot, false) = kind.is_bot
            AND NOT EXISTS (SELECT FROM told_apart t WHERE t.person_id = r.person_id AND t.viewer_id = r.viewer_id) LIMIT 1) AS other) AS r
     LEFT JOIN cards c ON c.person_id = r.viewer_id`,
);

/** Lists the readers of these people's cards, but of the people and of the bots whom no rule tells apart only one of each data centre. */
async function listReaders(db: Pick<Database, 'run'>, personIds: readonly bigint[]): Promise<Reader[]> {
  return (await db.run(readReaders, [personIds])).rows;
}

const readByPhone = defineStatement<{ name: string; person_id: bigint }>('read_cards_by_phone', 'SELECT phone AS name, person_id FROM cards WHERE phone = ANY ($1::text[])');

const readByUsername = defineStatement<{ name: string; person_id: bigint }>('read_cards_by_username', 'SELECT lower(username) AS name, person_id FROM cards WHERE lower(username) = ANY ($1::text[])');

/** The people elsewhere who have these numbers or usernames by the cards that are here, which may be old. @param names usernames in lower case */
export async function findNamedCards(db: Pick<Database, 'run'>, type: 'phone' | 'username', names: readonly string[]): Promise<Map<string, bigint>> {
  const { rows } = await db.run(type === 'phone' ? readByPhone : readByUsername, [names]);
  return new Map(rows.map((row) => [row.name, row.person_id]));
}

const readDcs = defineStatement<{ person_id: bigint; dc: number }>(
  'read_card_reader_dcs',
  `SELECT p.person_id, of.dc FROM unnest($1::bigint[]) AS p (person_id), generate_series(1, 5) AS of (dc)
    WHERE EXISTS (SELECT FROM card_readers r WHERE r.person_id = p.person_id AND (r.viewer_id & 7) = of.dc)`,
);

const selectRead = defineStatement<{ person_id: bigint }>('read_cards_of_viewer', 'SELECT person_id FROM card_readers WHERE person_id = ANY ($1::bigint[]) AND viewer_id = $2');

/** Those of some people here whose cards a viewer elsewhere has. */
export async function findReadBy(db: Pick<Database, 'run'>, viewerId: bigint, personIds: readonly bigint[]): Promise<bigint[]> {
  return (await db.run(selectRead, [personIds, viewerId])).rows.map((row) => row.person_id);
}

/** The data centres that have the cards of these people; those without readers are left out. */
export async function findReaderDcs(db: Pick<Database, 'run'>, personIds: readonly bigint[]): Promise<Map<bigint, number[]>> {
  const { rows } = await db.run(readDcs, [personIds]);
  return new Map([...groupBy(rows, (row) => row.person_id)].map(([personId, of]) => [personId, of.map(({ dc }) => dc)]));
}

/** The rules as one data centre gets them: their lists name its own users only, and no groups, which have no members there. A rule stays when nobody is left in its list, because without any the default rules would hold. */
function cutRules(privacy: OwnerPrivacy, isOfDc: (id: bigint) => boolean): Card['rules'] {
  const cut = (key: PrivacyKey, rules: readonly PrivacyRule[]): Card['rules'] =>
    rules.map(({ kind, ids }) => (namesGroups(kind) ? { key, kind: 'DisallowUsers', ids: [] } : { key, kind, ids: ids.filter(isOfDc) }));
  return [...privacy.rules].flatMap(([key, rules]) => cut(key, rules));
}

/** A person of whom cards are made, and who has them. */
interface Source {
  row: UserRow;
  privacy: OwnerPrivacy;
  /** See `listReaders`. None for bots, which hide nothing from anybody and may have very many. */
  readers: readonly { viewer: KnownViewer; relation: Relation }[];
}

/** Whether a reader in a data centre may see what a key protects. */
function isShownAt({ row, privacy, readers }: Source, key: PrivacyKey, isOfDc: (id: bigint) => boolean): boolean {
  return row.bot || readers.some(({ viewer, relation }) => isOfDc(viewer.id) && isVisible(privacy, key, viewer, relation));
}

/** The card as one data centre gets it: what none of its readers may see does not leave this one. */
function makeCard(source: Source, version: bigint, isOfDc: (id: bigint) => boolean): Card {
  const { row, privacy } = source;
  const base = { personId: row.user_id, version, isBot: row.bot, isDeleted: row.deleted };
  if (row.deleted) return { ...base, firstName: '', lastName: '', hidesReadDates: false, rules: [] };
  const mark = (['verified', 'scam', 'fake'] as const).find((name) => row[name]);
  return {
    ...base,
    firstName: row.first_name,
    lastName: row.last_name,
    ...(row.username !== null && { username: row.username }),
    ...(row.phone !== null && isShownAt(source, 'PhoneNumber', isOfDc) && { phone: row.phone }),
    ...(mark && { mark }),
    ...(row.photo_id !== null && isShownAt(source, 'ProfilePhoto', isOfDc) && { photoId: row.photo_id }),
    hidesReadDates: privacy.settings?.hide_read_marks === true,
    rules: cutRules(privacy, isOfDc),
  };
}

/** Cards of people here, as they are in a transaction that has locked these people. */
export class CardSources {
  readonly #homes: Homes;
  readonly #sources: ReadonlyMap<bigint, Source>;
  readonly #version: bigint;

  private constructor(homes: Homes, sources: ReadonlyMap<bigint, Source>, version: bigint) {
    this.#homes = homes;
    this.#sources = sources;
    this.#version = version;
  }

  /**
   * Reads what cards show, and takes their version. Ids without an account here are left out. The people must be locked.
   * @param premiumIsEveryone see `OwnerPrivacy`
   */
  static async read(tx: Tx, homes: Homes, personIds: readonly bigint[], premiumIsEveryone: boolean): Promise<CardSources> {
    const rows = await findUserRows(tx, personIds);
    const readers = await listReaders(tx, personIds.filter((id) => rows.get(id)?.bot === false));
    const owners = await findOwnersPrivacy(tx, personIds, premiumIsEveryone);
    const relations = await findRelations(tx, readers.map((reader) => pairKey(reader.viewer_id, reader.person_id)));
    const sources = new Map<bigint, Source>();
    for (const row of rows.values()) {
      if (row.elsewhere) continue;
      const own = readers.filter((reader) => reader.person_id === row.user_id);
      const readersOf = own.map((reader) => ({
        // Groups have no members in other data centres.
        viewer: { id: reader.viewer_id, bot: reader.is_bot, groups: NO_GROUPS },
        relation: relations.get(pairKey(reader.viewer_id, reader.person_id)) ?? NO_RELATION,
      }));
      sources.set(row.user_id, { row, privacy: owners.get(row.user_id) ?? UNTOUCHED, readers: readersOf });
    }
    return new CardSources(homes, sources, await takeCardVersion(tx));
  }

  /** The card of a person as a data centre gets it. */
  cardFor(personId: bigint, dc: number): Card | undefined {
    const source = this.#sources.get(personId);
    return source && makeCard(source, this.#version, (id) => this.#homes.dcOf(id) === dc);
  }

  /** The row of a person here. */
  rowOf(personId: bigint): UserRow | undefined {
    return this.#sources.get(personId)?.row;
  }
}

