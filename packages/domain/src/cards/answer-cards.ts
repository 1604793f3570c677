import type { OtherHomes } from '@aerogram/cluster';
import { type TokenBucketLimits, TokenBuckets } from '@aerogram/runtime';
import { type Database, readStreamEpoch } from '@aerogram/storage';

import { packPlain, unpackPlain } from '../effects/index.ts';
import { findUserRows, type UserRow } from '../peers/index.ts';
import { findOwnersPrivacy, isVisible, NO_GROUPS, UNTOUCHED } from '../privacy/index.ts';
import { findRelations, NO_RELATION, pairKey } from '../relations/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { CARD_QUESTION, type CardQuestion, cardQuestionSchema } from './card.ts';
import { lockPeople, saveReaders } from './card-store.ts';
import { findReadBy } from './read-cards.ts';
import { type ReaderBounds, ReaderRoom } from './reader-room.ts';
import type { CardSender } from './send-cards.ts';

/**
 * How many people a data centre may ask for by names that they do not have, and how fast that many more. One that asks for those whom its users look for knows their names from
 * the first home; who tries numbers for an id would learn the number of somebody who hides it.
 */
const GUESSES = { capacity: 5000, tokensPerSecond: 1, maxBuckets: 8 };

/**
 * How many new pairs of a person here and a reader there a data centre may make, how many more in a second once those are used up, and how many in all, which take about 120 MB with their indexes. The last number leaves room for
 * a hundred thousand people there who have each looked at ten people here.
 */
const READERS: ReaderQuota = { capacity: 10_000, tokensPerSecond: 1, maxBuckets: 8, most: 1_000_000, kept: 10, spare: 20_000 };

/** How many readers of cards a data centre may have, and how fast that many more. */
export type ReaderQuota = TokenBucketLimits & ReaderBounds;

type Reader = Pick<Database, 'run'>;

/** Those people here whom the viewer knows in the way that is said. */
async function findNamed(db: Reader, { viewerId, way, people }: CardQuestion): Promise<bigint[]> {
  const names = new Map(people.map(({ id, name }) => [id, name ?? null]));
  if (way === 'card') return findReadBy(db, viewerId, [...names.keys()]);
  const rows = await findUserRows(db, [...names.keys()]);
  const nameOf = ({ phone, username }: UserRow): string | null => (way === 'phone' ? phone : (username?.toLowerCase() ?? null));
  return [...rows.values()].flatMap((row) => (!row.elsewhere && !row.deleted && nameOf(row) !== null && nameOf(row) === names.get(row.user_id) ? [row.user_id] : []));
}

/** Those of them who let the viewer find them so. As here, somebody who has blocked the viewer is found. */
async function findAllowed(db: Reader, question: CardQuestion, premiumIsEveryone: boolean): Promise<bigint[]> {
  const named = await findNamed(db, question);
  if (question.way !== 'phone' || named.length === 0) return named;
  // Groups have no members in other data centres.
  const viewer = { id: question.viewerId, bot: question.isBot, groups: NO_GROUPS };
  const owners = await findOwnersPrivacy(db, named, premiumIsEveryone);
  const relations = await findRelations(db, named.map((id) => pairKey(viewer.id, id)));
  return named.filter((id) => isVisible(owners.get(id) ?? UNTOUCHED, 'AddedByPhone', viewer, { ...(relations.get(pairKey(viewer.id, id)) ?? NO_RELATION), blockedBy: false }));
}

interface Parts {
  homes: Pick<OtherHomes, 'onAsk' | 'dcOf'>;
  cardSender: Pick<CardSender, 'read'>;
}

/** Answers the questions of other homes for the cards of people here. */
export function answerCards({ db, clock, config }: Pick<DomainDeps, 'db' | 'clock' | 'config'>, { homes, cardSender }: Parts, quota: ReaderQuota = READERS): void {
  const guesses = new TokenBuckets(clock, GUESSES);
  const readers = new TokenBuckets(clock, quota);
  const room = new ReaderRoom({ db, clock }, quota);

  homes.onAsk(CARD_QUESTION, async (body, from) => {
    const question = unpackPlain(cardQuestionSchema, body);
    const { viewerId, way, people } = question;
    if (homes.dcOf(viewerId) !== from) throw new Error(`data centre ${from} asks for somebody who does not live there`);
    const guessed = way === 'card' ? 0 : people.length;
    // Each guess is charged before it is compared, and given back if it is right. Otherwise a refusal for too many guesses would tell which names are wrong.
    if (guesses.take(String(from), guessed) > 0) throw new Error(`data centre ${from} asks for too many people by names that they do not have`);
    const named = await findNamed(db, question);
    guesses.giveBack(String(from), Math.min(guessed, named.length));
    if (named.length === 0) return packPlain({ cards: [] });
    if (way !== 'card' && !(await room.makeFor(from))) throw new Error(`data centre ${from} has too many readers of cards`);
    const { cards, epoch } = await db.transact('read-cards', async (tx) => {
      const present = await readStreamEpoch(tx);
      await lockPeople(tx, named);
      // What the rules say now. Whoever changes them later waits for the lock, and tells the new reader.
      const allowed = await findAllowed(tx, question, config.premium === 'everyone');
      const none = { cards: [], epoch: present };
      if (allowed.length === 0) return none;
      const fresh = allowed.length - (await findReadBy(tx, viewerId, allowed)).length;
      // Each new reader of a card is told of its changes from now on. Without a limit, a home that makes up viewers could have all cards told to all of them.
      if (readers.take(String(from), fresh) > 0) throw new Error(`data centre ${from} has too many new readers of cards`);
      if (fresh > 0) tx.afterCommit(() => room.added(from, fresh));
      await saveReaders(tx, allowed.map((personId) => ({ personId, viewerId })));
      const sources = await cardSender.read(tx, allowed);
      return { cards: allowed.flatMap((personId) => sources.cardFor(personId, from) ?? []), epoch: present };
    });
    return packPlain({ cards, epoch });
  });
}
