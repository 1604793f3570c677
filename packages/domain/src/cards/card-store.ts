import { defineStatement, sql, type Tables, type Tx } from '@aerogram/storage';
import type { ExpressionBuilder } from 'kysely';

import { type PrivacyKey, type PrivacyRule, replaceAllRules, saveSettings } from '../privacy/index.ts';
import type { Card } from './card.ts';

const lockPeopleRows = defineStatement('lock_people', 'SELECT user_id FROM users WHERE user_id = ANY ($1::bigint[]) ORDER BY user_id FOR NO KEY UPDATE');

/** Locks the rows of people here. What is read afterwards belongs to the versions that are taken under the same locks. */
export async function lockPeople(tx: Tx, personIds: readonly bigint[]): Promise<void> {
  await tx.run(lockPeopleRows, [personIds]);
}

const takeVersion = defineStatement<{ version: bigint }>('take_card_version', "SELECT nextval('card_versions') AS version");

/** Takes the version of the cards that are read under the locks of {@link lockPeople}. */
export async function takeCardVersion(tx: Tx): Promise<bigint> {
  const { rows } = await tx.run(takeVersion, []);
  return rows[0]!.version;
}

const insertReaders = defineStatement(
  'insert_card_readers',
  `INSERT INTO card_readers (person_id, viewer_id) SELECT person_id, viewer_id FROM unnest($1::bigint[], $2::bigint[]) AS pair (person_id, viewer_id)
   ON CONFLICT DO NOTHING`,
);

/** Notes viewers elsewhere as readers of cards of people here. */
export async function saveReaders(tx: Tx, pairs: readonly { personId: bigint; viewerId: bigint }[]): Promise<void> {
  await tx.run(insertReaders, [pairs.map(({ personId }) => personId), pairs.map(({ viewerId }) => viewerId)]);
}

/** What became of a card that was stored. */
export interface StoredCard {
  /** The username that is known to be the person's. */
  username: string | null;
  /** The names or the username are others than before. */
  isRenamed: boolean;
  /** The photo at the home of the person is another one than that of which there is a copy here, or there is none any more. */
  isPhotoChanged: boolean;
  /** Users here to whom the person had relations, or who had the person as a contact; only if the person was deleted. */
  formerRelations: bigint[];
}

const lockCard = defineStatement<{ first_name: string; last_name: string; username: string | null; phone: string | null; source_photo_id: bigint | null; version: bigint }>(
  'lock_card',
  'SELECT first_name, last_name, username, phone, source_photo_id, version FROM cards WHERE person_id = $1 FOR NO KEY UPDATE',
);

/** What the data centre that gives names says of the number and the username (in lower case) in a card. */
export interface KnownNames {
  /** They are the person's. */
  known: ReadonlySet<string>;
  /** It is away and says nothing of these. */
  unsaid: ReadonlySet<string>;
}

/** What is known of a card besides what it says. */
export interface CardOrigin {
  /** The epoch of the frames of its sender; undefined if an older program has answered a question. Versions of different epochs cannot be compared: what came last counts. */
  epoch: bigint | undefined;
  names: KnownNames;
}

/** A number or username of a card if it is the person's, or was as far as can be said now; otherwise null. Pure. @param before the one that was the person's by the last card */
function nameOf({ known, unsaid }: KnownNames, claimed: string | undefined, before: string | null | undefined): string | null {
  const name = claimed?.toLowerCase();
  if (claimed === undefined || name === undefined) return null;
  return known.has(name) || (unsaid.has(name) && before?.toLowerCase() === name) ? claimed : null;
}

/** Whether a name that a card claims waits until the data centre that gives names is back. Pure. */
function isUnasked({ known, unsaid }: KnownNames, { phone, username }: Card): boolean {
  return [phone, username?.toLowerCase()].some((name) => name !== undefined && unsaid.has(name) && !known.has(name));
}

const isNewer = ({ version }: Card, epoch: bigint | undefined) => (eb: ExpressionBuilder<Tables, 'cards'>) =>
  eb.or([eb('cards.version', '<', version), ...(epoch === undefined ? [] : [eb('cards.epoch', '<>', epoch)])]);

/**
 * Stores a card of a person elsewhere, with the privacy rules, unless a newer one is known. A photo that is not shown any more goes at once.
 * @returns undefined if nothing was stored
 */
export async function saveCard(tx: Tx, card: Card, { epoch, names: said }: CardOrigin): Promise<StoredCard | undefined> {
  const { personId, version } = card;
  if (card.isDeleted) return dropCard(tx, card, epoch);
  const { rows: [before] } = await tx.run(lockCard, [personId]);
  const source = card.photoId ?? null;
  const names = { first_name: card.firstName, last_name: card.lastName, username: nameOf(said, card.username, before?.username) };
  const values = {
    version,
    ...(epoch !== undefined && { epoch }),
    ...names,
    phone: nameOf(said, card.phone, before?.phone),
    claimed_username: card.username ?? null,
    claimed_phone: card.phone ?? null,
    is_unasked: isUnasked(said, card),
    is_bot: card.isBot,
    is_deleted: false,
    source_photo_id: source,
    verified: card.mark === 'verified',
    scam: card.mark === 'scam',
    fake: card.mark === 'fake',
  };
  const written = await tx.q
    .insertInto('cards')
    .values({ person_id: personId, ...values, photo_id: null, photo_stripped: null })
    .onConflict((oc) =>
      oc
        .column('person_id')
        .doUpdateSet({ ...values, ...(source === null && { photo_id: null, photo_stripped: null }) })
        .where(isNewer(card, epoch)),
    )
    .returning('person_id')
    .executeTakeFirst();
  if (written === undefined) return undefined;
  await replaceAllRules(tx, personId, rulesOf(card));
  await saveSettings(tx, personId, { hide_read_marks: card.hidesReadDates });
  return {
    username: names.username,
    isRenamed: before !== undefined && (before.first_name !== names.first_name || before.last_name !== names.last_name || before.username !== names.username),
    isPhotoChanged: (before?.source_photo_id ?? null) !== source,
    formerRelations: [],
  };
}

function rulesOf({ rules }: Card): Map<PrivacyKey, PrivacyRule[]> {
  const byKey = new Map<PrivacyKey, PrivacyRule[]>();
  for (const { key, kind, ids } of rules) byKey.set(key, [...(byKey.get(key) ?? []), { kind, ids }]);
  return byKey;
}

const EMPTY = { first_name: '', last_name: '', username: null, phone: null, claimed_username: null, claimed_phone: null, is_unasked: false, is_deleted: true, source_photo_id: null, photo_id: null, photo_stripped: null, verified: false, scam: false, fake: false } as const;

/** Empties the card of a deleted person, and deletes all that this home has of the person beside messages. */
async function dropCard(tx: Tx, card: Card, epoch: bigint | undefined): Promise<StoredCard | undefined> {
  const { personId, version, isBot, wasGiven } = card;
  await tx.q.deleteFrom('card_readers').where('viewer_id', '=', personId).execute();
  const values = { version, ...(epoch !== undefined && { epoch }), ...EMPTY };
  const update = tx.q.updateTable('cards').set(values).where('person_id', '=', personId).where(isNewer(card, epoch)).returning('person_id');
  // If this has overtaken the answer to a question for the card, that must not bring the person back.
  const insert = tx.q
    .insertInto('cards')
    .values({ person_id: personId, is_bot: isBot, ...values })
    .onConflict((oc) => oc.column('person_id').doUpdateSet(values).where(isNewer(card, epoch)))
    .returning('person_id');
  const emptied = await (wasGiven ? insert.executeTakeFirst() : update.executeTakeFirst());
  if (emptied === undefined) return undefined;
  await replaceAllRules(tx, personId, new Map());
  await tx.q.deleteFrom('user_settings').where('user_id', '=', personId).execute();
  const contacts = await tx.q.deleteFrom('contacts').where('owner_id', '=', personId).returning('user_id').execute();
  const blocks = await tx.q.deleteFrom('blocked_peers').where('owner_id', '=', personId).returning('peer_id').execute();
  const others = await tx.q.updateTable('contacts').set({ mutual: false, phone: '' }).where('user_id', '=', personId).returning('owner_id').execute();
  return { username: null, isRenamed: true, isPhotoChanged: true, formerRelations: [...new Set([...contacts.map((row) => row.user_id), ...blocks.map((row) => row.peer_id), ...others.map((row) => row.owner_id)])] };
}

/** Deletes the readers of a deleted person's card. */
export async function deleteReaders(tx: Tx, personId: bigint): Promise<void> {
  await sql`DELETE FROM card_readers WHERE person_id = ${personId}`.execute(tx.q);
}
