import type { OtherHomes } from '@aerogram/cluster';
import { appendHomeFramesLast, type Tx } from '@aerogram/storage';

import { packPlain } from '../effects/index.ts';
import type { Boxes, CardTeller } from '../events/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { deleteReaders, lockPeople, saveReaders } from './card-store.ts';
import type { Card, CardEffect } from './card.ts';
import { CardSources, hasReaders } from './read-cards.ts';

type Needs = Pick<DomainDeps, 'clock' | 'config'> & { homes: OtherHomes };

/** Tells other data centres what the cards of people here show, in the transactions of changes. */
export class CardTellers implements CardTeller {
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  async tell(tx: Tx, personIds: readonly bigint[], boxes?: Boxes): Promise<void> {
    const { homes } = this.#needs;
    // Who is being noted as a reader holds the same locks, so nobody is left with what was before the change.
    await lockPeople(tx, personIds);
    const isRead = await hasReaders(tx, personIds);
    const sources = isRead ? await this.read(tx, personIds) : await this.#readDeleted(tx, personIds);
    if (sources === undefined) return;
    const told = new Map<number, Card[]>();
    for (const personId of personIds) {
      const isDeleted = sources.rowOf(personId)?.deleted === true;
      // Whoever has read others' cards is forgotten as a reader everywhere.
      const dcs = isDeleted ? homes.others : sources.dcsOf(personId);
      if (isDeleted) await deleteReaders(tx, personId);
      for (const dc of dcs) add(told, dc, sources.cardFor(personId, dc));
    }
    this.#write(tx, told, boxes);
  }

  async introduceIn(tx: Tx, personId: bigint, viewerIds: readonly bigint[], boxes?: Boxes): Promise<void> {
    const { homes } = this.#needs;
    if (viewerIds.length === 0) return;
    await lockPeople(tx, [personId]);
    await saveReaders(tx, viewerIds.map((viewerId) => ({ personId, viewerId })));
    const sources = await this.read(tx, [personId]);
    const told = new Map<number, Card[]>();
    for (const dc of new Set(viewerIds.flatMap((viewerId) => homes.dcOf(viewerId) ?? []))) add(told, dc, sources.cardFor(personId, dc));
    this.#write(tx, told, boxes);
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

  #write(tx: Tx, told: ReadonlyMap<number, readonly Card[]>, boxes: Boxes | undefined): void {
    const { homes, clock } = this.#needs;
    for (const dc of [...told.keys()].toSorted((a, b) => a - b)) {
      const effects = told.get(dc)!.map((card): CardEffect => ({ kind: 'card', from: card.personId, card }));
      if (boxes !== undefined) {
        for (const effect of effects) boxes.tell(dc, effect);
        continue;
      }
      appendHomeFramesLast(tx, dc, effects.map(packPlain), clock.now());
      tx.afterCommit(() => homes.framesWritten(dc));
    }
  }
}

function add(told: Map<number, Card[]>, dc: number, card: Card | undefined): void {
  if (card !== undefined) told.set(dc, [...(told.get(dc) ?? []), card]);
}
