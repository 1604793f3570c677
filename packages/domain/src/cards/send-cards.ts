import type { OtherHomes } from '@aerogram/cluster';
import type { Tx } from '@aerogram/storage';

import { tellLast, type Told } from '../effects/index.ts';
import type { CardTeller } from '../events/index.ts';
import { type DomainDeps, groupBy } from '../shared/index.ts';
import { dropLater, saveLater } from './later-store.ts';
import { deleteReaders, lockPeople, saveReaders } from './card-store.ts';
import type { Card, CardEffect } from './card.ts';
import { CardSources, findReaderDcs } from './read-cards.ts';

type Needs = Pick<DomainDeps, 'clock' | 'config'> & { homes: OtherHomes };

/** Sends the cards of people who live here to other data centres, in the transactions that change what a card shows. */
export class CardSender implements CardTeller {
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  async tell(tx: Tx, personIds: readonly bigint[], told?: Told): Promise<void> {
    const { homes } = this.#needs;
    // Whoever notes a new reader takes the same locks. So each reader either gets the new card at once or is told of the change.
    await lockPeople(tx, personIds);
    const dcsOf = await findReaderDcs(tx, personIds);
    const sources = dcsOf.size > 0 ? await this.read(tx, personIds) : await this.#readDeleted(tx, personIds);
    if (sources === undefined) return;
    const cards = new Map<number, Card[]>();
    for (const personId of personIds) {
      const isDeleted = sources.rowOf(personId)?.deleted === true;
      // A deleted person is told to all homes, so that each also forgets whose cards this person has read.
      const dcs = isDeleted ? homes.others : (dcsOf.get(personId) ?? []).filter((dc) => homes.others.includes(dc));
      if (isDeleted) {
        await deleteReaders(tx, personId);
        await dropLater(tx, homes.others, personId);
      }
      for (const dc of dcs) {
        if (!isDeleted && homes.isBehind(dc)) await saveLater(tx, dc, personId, []);
        else add(cards, dc, sources.cardFor(personId, dc), isDeleted && dcsOf.get(personId)?.includes(dc) === true);
      }
    }
    this.#write(tx, cards, told);
  }

  async introduceIn(tx: Tx, personId: bigint, viewerIds: readonly bigint[], told?: Told): Promise<void> {
    if (viewerIds.length === 0) return;
    await lockPeople(tx, [personId]);
    await this.tellTo(tx, { personId, viewerIds, dcs: new Set(viewerIds.flatMap((viewerId) => this.#needs.homes.dcOf(viewerId) ?? [])) }, told);
  }

  async putOff(tx: Tx, personId: bigint, otherIds: readonly bigint[]): Promise<bigint[]> {
    const { homes } = this.#needs;
    const behind = new Map([...groupBy(otherIds, (id) => homes.dcOf(id))].filter(([dc]) => dc !== undefined && homes.isBehind(dc)));
    if (behind.size === 0) return [...otherIds];
    await lockPeople(tx, [personId]);
    for (const [dc, ids] of behind) await saveLater(tx, dc!, personId, ids);
    return otherIds.filter((id) => !behind.has(homes.dcOf(id)));
  }

  /** Tells data centres what the card of a person shows, who is locked. @param viewerIds are noted as readers */
  async tellTo(tx: Tx, { personId, viewerIds, dcs }: { personId: bigint; viewerIds: readonly bigint[]; dcs: Iterable<number> }, told?: Told): Promise<void> {
    await saveReaders(tx, viewerIds.map((viewerId) => ({ personId, viewerId })));
    const sources = await this.read(tx, [personId]);
    const cards = new Map<number, Card[]>();
    for (const dc of dcs) add(cards, dc, sources.cardFor(personId, dc));
    this.#write(tx, cards, told);
  }

  /** Reads cards of people whose rows are locked. */
  read(tx: Tx, personIds: readonly bigint[]): Promise<CardSources> {
    return CardSources.read(tx, this.#needs.homes, personIds, this.#needs.config.premium === 'everyone');
  }

  /** The cards of people without readers, if one of them is deleted. */
  async #readDeleted(tx: Tx, personIds: readonly bigint[]): Promise<CardSources | undefined> {
    const deleted = await tx.q.selectFrom('users').select('user_id').where('user_id', 'in', personIds).where('deleted', '=', true).executeTakeFirst();
    return deleted && this.read(tx, personIds);
  }

  #write(tx: Tx, cards: ReadonlyMap<number, readonly Card[]>, told: Told = tellLast(tx, this.#needs.homes, this.#needs.clock.now())): void {
    for (const [dc, of] of cards) {
      for (const card of of) {
        const effect: CardEffect = { kind: 'card', from: card.personId, card };
        told.tell(dc, effect);
      }
    }
  }
}

function add(cards: Map<number, Card[]>, dc: number, card: Card | undefined, wasGiven = false): void {
  if (card !== undefined) cards.set(dc, [...(cards.get(dc) ?? []), { ...card, ...(wasGiven && { wasGiven }) }]);
}
