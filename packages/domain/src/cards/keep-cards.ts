import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { EffectHandler } from '../effects/index.ts';
import type { SubjectDeps } from '../events/index.ts';
import type { Privacy } from '../privacy/index.ts';
import type { Relations } from '../relations/index.ts';
import { allDecided } from '../shared/index.ts';
import { cardKind, type Card, type CardEffect } from './card.ts';
import { saveCard, type StoredCard } from './card-store.ts';

/** How many cards are stored in one transaction. Each is a handful of statements. */
const AT_ONCE = 16;

interface KeeperParts {
  privacy: Pick<Privacy, 'settingsChanged'>;
  relations: Pick<Relations, 'relationChanged'>;
  users: {
    userChanged(userId: bigint): Promise<void>;
    showChange(userId: bigint, update: tl.Update): void;
  };
  /** Orders, in the transaction that stores a card with another photo, or without one, that the copy of the photo follows. */
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

  constructor(deps: Pick<SubjectDeps, 'db'>, parts: KeeperParts) {
    this.#deps = deps;
    this.#parts = parts;
  }

  async apply(tx: Tx, _dc: number, effects: readonly CardEffect[]): Promise<void> {
    await this.#keepAll(tx, effects.map(({ card }) => card));
  }

  /** Stores cards for which this home has asked. @returns the people of whom a newer card was here already: a change has overtaken the answer */
  async doKeep(cards: readonly Card[]): Promise<Set<bigint>> {
    return cards.length === 0 ? new Set() : this.#deps.db.transact('keep-cards', (tx) => this.#keepAll(tx, cards));
  }

  /** @returns of whom nothing was stored */
  async #keepAll(tx: Tx, cards: readonly Card[]): Promise<Set<bigint>> {
    const outdated = new Set<bigint>();
    // The order in which the rows are locked, also if a person is there twice.
    for (const card of cards.toSorted((a, b) => (a.personId === b.personId ? Number(a.version - b.version) : a.personId < b.personId ? -1 : 1))) {
      const stored = await saveCard(tx, card);
      if (stored === undefined) {
        outdated.add(card.personId);
        continue;
      }
      if (stored.isPhotoChanged) await this.#parts.orderPhoto(tx, card.personId);
      tx.afterCommit(() => this.#show(card, stored));
    }
    return outdated;
  }

  #show({ personId, firstName, lastName, username, isDeleted }: Card, { isRenamed, formerRelations }: StoredCard): Promise<void> {
    const { users, privacy, relations } = this.#parts;
    const settled = [users.userChanged(personId), privacy.settingsChanged(personId), ...formerRelations.map((other) => relations.relationChanged(personId, other))];
    // The caches of this process have dropped the person already, and updates take the person from there.
    const usernames: tl.Username[] = username === undefined ? [] : [{ _: 'username', editable: true, active: true, username }];
    if (isRenamed && !isDeleted) users.showChange(personId, { _: 'updateUserName', user_id: personId, first_name: firstName, last_name: lastName, usernames });
    users.showChange(personId, { _: 'updateUser', user_id: personId });
    return allDecided(settled);
  }
}
