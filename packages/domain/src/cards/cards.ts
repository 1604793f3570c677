import { HomeAway, type OtherHomes } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import { RecentMap } from '@aerogram/runtime';

import { packPlain, unpackPlain } from '../effects/index.ts';
import { findUserRows, type UserRow } from '../peers/index.ts';
import type { Privacy, Viewer } from '../privacy/index.ts';
import { type DomainDeps, groupBy } from '../shared/index.ts';
import { answerCards } from './answer-cards.ts';
import { ANSWER_VALUES_MAX, ASKED_MAX, type Card, CARD_QUESTION, cardAnswerSchema, type Sought, type Ways } from './card.ts';
import type { CardKeeper } from './keep-cards.ts';
import { findReadBy } from './read-cards.ts';
import type { CardSender } from './send-cards.ts';

/** How often the home of people is asked again about those whose cards have changed while it answered. */
const AGAIN_MAX = 2;

/** Maximum number of pairs that are known to be in `card_readers`; other pairs cost one read. */
const PAIRS_MAX = 200_000;

/** What data centres know of each other's people. */
export interface Cards {
  /**
   * Makes sure, before the first effect of somebody here about somebody elsewhere, that the home of that one gets the card first. Does nothing if the receiver
   * lives here.
   */
  introduce(senderId: bigint, receiverId: bigint): Promise<void>;
  /**
   * Gets the cards of people elsewhere for a viewer here. Cards that are known already serve if their home is away.
   * @param way how the viewer knows of them
   * @param unknown gets those whose cards are not known while their homes are away; absent: that is an error
   * @returns the rows of those whom the viewer may know
   * @throws RpcError 500 if a home is away and a card is not known
   */
  fetch(viewer: Viewer, people: readonly Sought[], way: Ways, unknown?: Set<bigint>): Promise<Map<bigint, UserRow>>;
}

/** For whom cards are asked, and how; see `Cards.fetch`. */
interface Asking {
  viewer: Viewer;
  way: Ways;
  unknown: Set<bigint> | undefined;
}

interface Parts {
  homes: OtherHomes;
  cardSender: CardSender;
  keeper: CardKeeper;
  privacy: Pick<Privacy, 'mayFindByPhone'>;
}

/** Where there are no other data centres, nobody lives elsewhere. */
export const NO_CARDS: Cards = {
  introduce: () => Promise.resolve(),
  fetch: () => Promise.resolve(new Map()),
};

/** Creates the exchange of cards, and answers the questions of other homes. */
export function createCards(deps: Pick<DomainDeps, 'db' | 'clock' | 'config'>, { homes, cardSender, keeper, privacy }: Parts): Cards {
  const { db } = deps;
  const introduced = new RecentMap<string, true>(PAIRS_MAX);

  answerCards(deps, { homes, cardSender });

  const ask = async (dc: number, { viewer, way }: Asking, people: readonly Sought[]): Promise<{ cards: Card[]; epoch: bigint | undefined }> => {
    const answer = await homes.ask(dc, CARD_QUESTION, packPlain({ viewerId: viewer.id, isBot: viewer.bot, way, people }));
    const { cards, epoch } = unpackPlain(cardAnswerSchema, answer, ANSWER_VALUES_MAX);
    return { cards: cards.filter(({ personId }) => people.some(({ id }) => id === personId) && homes.dcOf(personId) === dc), epoch };
  };

  /** What is known of people whose home is away, as far as the viewer may know them by what their rules said last. */
  const findKnown = async (dc: number, { viewer, way, unknown }: Asking, personIds: readonly bigint[]): Promise<bigint[]> => {
    const rows = await findUserRows(db, personIds);
    if (rows.size < personIds.length && unknown === undefined) throw rpcError('INTERDC_%d_CALL_ERROR', dc);
    // A home that is only away may tell of these people later. One that has left the community never will.
    if (homes.others.includes(dc)) for (const id of personIds) if (!rows.has(id)) unknown?.add(id);
    const known = personIds.filter((id) => rows.has(id));
    const allowed = await Promise.all(known.map(async (id) => way !== 'phone' || privacy.mayFindByPhone(id, viewer)));
    return known.filter((_, at) => allowed[at]);
  };

  const fetchFrom = async (dc: number, asking: Asking, people: readonly Sought[], again = AGAIN_MAX): Promise<bigint[]> => {
    try {
      const { cards, epoch } = await ask(dc, asking, people);
      const outdated = await keeper.doKeep(cards, epoch);
      const got = cards.flatMap(({ personId }) => (outdated.has(personId) ? [] : [personId]));
      if (outdated.size === 0) return got;
      // Their rules may have changed while the home answered, so the viewer may not be allowed to find them any more.
      if (again > 0) return [...got, ...(await fetchFrom(dc, asking, people.filter(({ id }) => outdated.has(id)), again - 1))];
      return [...got, ...(await findKnown(dc, asking, [...outdated]))];
    } catch (error) {
      if (!(error instanceof HomeAway)) throw error;
      return findKnown(error.dc, asking, people.map(({ id }) => id));
    }
  };

  return {
    async introduce(senderId, receiverId) {
      if (homes.dcOf(receiverId) === undefined) return;
      const pair = `${senderId}:${receiverId}`;
      if (introduced.get(pair)) return;
      if ((await findReadBy(db, receiverId, [senderId])).length === 0) {
        await db.transact('introduce', (tx) => cardSender.introduceIn(tx, senderId, [receiverId]));
      }
      introduced.set(pair, true);
    },
    async fetch(viewer, people, way, unknown) {
      const byDc = groupBy(people, ({ id }) => homes.dcOf(id));
      const got: bigint[] = [];
      for (const [dc, there] of byDc) {
        if (dc === undefined) continue;
        for (let at = 0; at < there.length; at += ASKED_MAX) got.push(...(await fetchFrom(dc, { viewer, way, unknown }, there.slice(at, at + ASKED_MAX))));
      }
      return findUserRows(db, got);
    },
  };
}
