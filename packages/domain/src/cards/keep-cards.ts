import { homeDcOf } from '@aerogram/cluster';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { EffectHandler } from '../effects/index.ts';
import type { SubjectDeps } from '../events/index.ts';
import type { Names } from '../names/index.ts';
import type { Privacy } from '../privacy/index.ts';
import type { Relations } from '../relations/index.ts';
import { allDecided, definePort } from '../shared/index.ts';
import { cardKind, type Card, type CardEffect } from './card.ts';
import { type KnownNames, saveCard, type StoredCard } from './card-store.ts';

/** How many cards are stored in one transaction. Each is a handful of statements. */
const AT_ONCE = 16;

const NO_NAMES: KnownNames = { known: new Set(), unsaid: new Set() };

/** Orders, in the transaction that stores a card with another photo, or without one, that the copy of the photo follows. */
export const ORDER_CARD_PHOTO = definePort<(tx: Tx, personId: bigint) => Promise<void>>('cards.orderPhoto');

interface KeeperParts {
  privacy: Pick<Privacy, 'settingsChanged'>;
  relations: Pick<Relations, 'relationChanged'>;
  users: {
    userChanged(userId: bigint): Promise<void>;
    showChange(userId: bigint, update: tl.Update): void;
  };
  /** Who has names, by the data centre that gives them. */
  names: Pick<Names, 'find'>;
  /** The data centre that gives names; undefined if there are no others. */
  namesDc: () => number | undefined;
  /** See {@link ORDER_CARD_PHOTO}. */
  orderPhoto(tx: Tx, personId: bigint): Promise<void>;
}

/** Stores the cards of people elsewhere, and shows their changes. */
export class CardKeeper implements EffectHandler<CardEffect> {
  readonly kind = cardKind;
  readonly atOnce = AT_ONCE;
  /** A card shows what its home has, which is as in the backup. */
  readonly restore = 'stays lost';
  readonly #deps: Pick<SubjectDeps, 'db'>;
  readonly #parts: KeeperParts;
  /** The names in cards that are known to be the people's, between finding out and storing. */
  readonly #names = new WeakMap<Card, KnownNames>();

  constructor(deps: Pick<SubjectDeps, 'db'>, parts: KeeperParts) {
    this.#deps = deps;
    this.#parts = parts;
  }

  async prepare(effects: readonly CardEffect[]): Promise<void> {
    await this.#findNames(effects.map(({ card }) => card));
  }

  async apply(tx: Tx, _dc: number, effects: readonly CardEffect[], epoch: bigint): Promise<void> {
    await this.#keepAll(tx, effects.map(({ card }) => card), epoch);
  }

  /**
   * Finds out which numbers and usernames in cards are those of the people, before anything is stored: another data centre may say that anybody's number is that of somebody of its own. Of
   * those that give names their own people's are believed. While that one is away, people keep the names that it has confirmed before.
   */
  async #findNames(cards: readonly Card[]): Promise<void> {
    const { names, namesDc } = this.#parts;
    const giver = namesDc();
    const asked = cards.filter(({ personId, isDeleted }) => !isDeleted && homeDcOf(personId) !== giver);
    const unsaid = new Set<string>();
    const [phones, usernames] = await Promise.all([
      names.find('phone', asked.flatMap(({ phone }) => phone ?? []), unsaid),
      names.find('username', asked.flatMap(({ username }) => username?.toLowerCase() ?? []), unsaid),
    ]);
    for (const card of cards) {
      const [phone, username] = [card.phone, card.username?.toLowerCase()];
      const isKnown = (name: string | undefined, owners: ReadonlyMap<string, bigint>): name is string => name !== undefined && (!asked.includes(card) || owners.get(name) === card.personId);
      this.#names.set(card, { known: new Set([...(isKnown(phone, phones) ? [phone] : []), ...(isKnown(username, usernames) ? [username] : [])]), unsaid });
    }
  }

  /** Stores cards for which this home has asked. @param epoch see `CardOrigin` @returns the people of whom a newer card was here already: a change has overtaken the answer */
  async doKeep(cards: readonly Card[], epoch: bigint | undefined): Promise<Set<bigint>> {
    if (cards.length === 0) return new Set();
    await this.#findNames(cards);
    return this.#deps.db.transact('keep-cards', (tx) => this.#keepAll(tx, cards, epoch));
  }

  /** @returns of whom nothing was stored */
  async #keepAll(tx: Tx, cards: readonly Card[], epoch: bigint | undefined): Promise<Set<bigint>> {
    const outdated = new Set<bigint>();
    // Rows are locked in ascending order of the person, and of two cards of one person the older one is stored first.
    for (const card of cards.toSorted((a, b) => (a.personId === b.personId ? Number(a.version - b.version) : a.personId < b.personId ? -1 : 1))) {
      const stored = await saveCard(tx, card, { epoch, names: this.#names.get(card) ?? NO_NAMES });
      if (stored === undefined) {
        outdated.add(card.personId);
        continue;
      }
      if (stored.isPhotoChanged) await this.#parts.orderPhoto(tx, card.personId);
      tx.afterCommit(() => this.#show(card, stored));
    }
    return outdated;
  }

  #show({ personId, firstName, lastName, isDeleted }: Card, { username, isRenamed, formerRelations }: StoredCard): Promise<void> {
    const { users, privacy, relations } = this.#parts;
    const settled = [users.userChanged(personId), privacy.settingsChanged(personId), ...formerRelations.map((other) => relations.relationChanged(personId, other))];
    // The caches of this process have dropped the person already, and updates take the person from there.
    const usernames: tl.Username[] = username === null ? [] : [{ _: 'username', editable: true, active: true, username }];
    if (isRenamed && !isDeleted) users.showChange(personId, { _: 'updateUserName', user_id: personId, first_name: firstName, last_name: lastName, usernames });
    users.showChange(personId, { _: 'updateUser', user_id: personId });
    return allDecided(settled);
  }
}
