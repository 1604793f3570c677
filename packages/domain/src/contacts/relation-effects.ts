import type { Bus } from '@aerogram/bus';
import { memberDcOf } from '@aerogram/cluster';
import type { Tx } from '@aerogram/storage';
import { z } from 'zod';

import type { BotStops } from '../bot-events/index.ts';
import type { Effect, EffectHandler, EffectKind, Told } from '../effects/index.ts';
import { tellLast, wireUserId } from '../effects/index.ts';
import type { Boxes, SubjectDeps } from '../events/index.ts';
import type { Relations } from '../relations/index.ts';
import { groupBy, publishAccountHint } from '../shared/index.ts';
import { deleteBlocks, findBlocked, insertBlocks } from './block-store.ts';
import { deleteContacts, findContactsAmong, lockUsers, saveContactOfOther, updateMutualOf } from './contact-store.ts';

/** Tells the home of a person whether somebody elsewhere has the person as a contact. */
interface ContactEffect extends Effect {
  kind: 'contact';
  to: bigint;
  isContact: boolean;
  isCloseFriend: boolean;
}

/** Tells the home of a person whether somebody elsewhere has blocked the person. */
interface BlockEffect extends Effect {
  kind: 'block';
  to: bigint;
  isBlocked: boolean;
}

const contactKind: EffectKind<ContactEffect> = {
  kind: 'contact',
  schema: z.object({ kind: z.literal('contact'), from: wireUserId, to: wireUserId, isContact: z.boolean(), isCloseFriend: z.boolean() }),
};

const blockKind: EffectKind<BlockEffect> = {
  kind: 'block',
  schema: z.object({ kind: z.literal('block'), from: wireUserId, to: wireUserId, isBlocked: z.boolean() }),
};

/** Lists the effects that say what is between an owner and each of some users now, in the order of the users. */
type ListEffects<E> = (tx: Tx, ownerId: bigint, userIds: readonly bigint[]) => Promise<E[]>;

type Telling = Pick<SubjectDeps, 'cardTeller' | 'homes'>;

interface Open {
  tx: Tx;
  boxes: Boxes;
}

/** Those of some peers who live elsewhere, with their data centres, after the card of the owner was put before what is told of them. */
async function introduceTo({ homes, cardTeller }: Telling, { tx, boxes }: Open, ownerId: bigint, peerIds: readonly bigint[]): Promise<{ to: bigint; dc: number }[]> {
  if (homes === undefined || cardTeller === undefined) return [];
  // A data centre that has left the community is told nothing.
  const elsewhere = peerIds.filter((id) => memberDcOf(homes, id) !== undefined);
  if (elsewhere.length === 0) return [];
  const others = (await cardTeller.putOff(tx, ownerId, elsewhere)).map((to) => ({ to, dc: homes.dcOf(to)! }));
  // Whether they may see the phone number can depend on what has changed.
  await cardTeller.introduceIn(tx, ownerId, others.map(({ to }) => to), boxes);
  return others;
}

/** The effects that say which of some users are contacts of an owner now. */
async function listContactEffects(tx: Tx, ownerId: bigint, userIds: readonly bigint[]): Promise<ContactEffect[]> {
  const contacts = await findContactsAmong(tx, ownerId, userIds);
  return userIds.map((to) => ({ kind: 'contact', from: ownerId, to, isContact: contacts.has(to), isCloseFriend: contacts.get(to)?.close_friend === true }));
}

/** The effects that say whom of some users an owner has blocked now. */
async function listBlockEffects(tx: Tx, ownerId: bigint, userIds: readonly bigint[]): Promise<BlockEffect[]> {
  const blocked = await findBlocked(tx.q, ownerId, userIds);
  return userIds.map((to) => ({ kind: 'block', from: ownerId, to, isBlocked: blocked.has(to) }));
}

/** Tells the homes of those of some users who live elsewhere whether they are contacts of the owner, in the transaction that has changed it. */
export async function tellContacts(deps: Telling, open: Open, ownerId: bigint, userIds: readonly bigint[]): Promise<void> {
  await tellEach(deps, open, { ownerId, peerIds: userIds }, listContactEffects);
}

/** The same for those whom the owner has blocked, or not any more. */
export async function tellBlocks(deps: Telling, open: Open, ownerId: bigint, peerIds: readonly bigint[]): Promise<void> {
  await tellEach(deps, open, { ownerId, peerIds }, listBlockEffects);
}

async function tellEach(deps: Telling, open: Open, { ownerId, peerIds }: { ownerId: bigint; peerIds: readonly bigint[] }, list: ListEffects<ContactEffect | BlockEffect>): Promise<void> {
  const others = await introduceTo(deps, open, ownerId, peerIds);
  if (others.length === 0) return;
  const effects = await list(open.tx, ownerId, others.map(({ to }) => to));
  for (const [at, { dc }] of others.entries()) open.boxes.tell(dc, effects[at]!);
}

/** Tells a data centre what is between somebody here and some people there now: what {@link CardTeller.putOff} has put off. */
export async function tellRelations(tx: Tx, { dc, told }: { dc: number; told: Told }, ownerId: bigint, otherIds: readonly bigint[]): Promise<void> {
  if (otherIds.length === 0) return;
  for (const list of [listContactEffects, listBlockEffects]) for (const effect of await list(tx, ownerId, otherIds)) told.tell(dc, effect);
}

/** How many effects are applied in one transaction. */
const AT_ONCE = 16;

type Parts = Pick<SubjectDeps, 'clock' | 'homes'> & { bus: Bus; relations: Pick<Relations, 'relationChanged'> };

/** Those effects that are about accounts here, by people whose cards are here. */
async function findValid<E extends Effect & { to: bigint }>(tx: Tx, effects: readonly E[]): Promise<E[]> {
  await lockUsers(tx, effects.map(({ to }) => to));
  const users = await tx.q.selectFrom('users').select('user_id').where('user_id', 'in', effects.map(({ to }) => to)).where('deleted', '=', false).execute();
  const cards = await tx.q.selectFrom('cards').select('person_id').where('person_id', 'in', effects.map(({ from }) => from)).where('is_deleted', '=', false).execute();
  const [here, known] = [new Set(users.map((row) => row.user_id)), new Set(cards.map((row) => row.person_id))];
  return effects.filter(({ from, to }) => here.has(to) && known.has(from));
}

/**
 * Tells a home again what is so here, where it returns what this one had told and lost: that home still holds it to be true, and what it says of people here is not
 * taken for true.
 */
async function retell<E extends ContactEffect | BlockEffect>({ homes, clock }: Pick<Parts, 'homes' | 'clock'>, { tx, dc }: { tx: Tx; dc: number }, effects: readonly E[], list: ListEffects<E>): Promise<void> {
  await lockUsers(tx, effects.map(({ from }) => from));
  const told = tellLast(tx, homes, clock.now());
  for (const [from, of] of groupBy(effects, (effect) => effect.from)) {
    for (const effect of await list(tx, from, [...new Set(of.map(({ to }) => to))])) told.tell(dc, effect);
  }
}

/** Keeps what people elsewhere have in their address books about people here. */
export function createContactHandler({ clock, relations, homes }: Parts): EffectHandler<ContactEffect> {
  return {
    kind: contactKind,
    atOnce: AT_ONCE,
    async apply(tx, _dc, effects) {
      for (const { from, to, isContact, isCloseFriend } of await findValid(tx, effects)) {
        if (isContact) await saveContactOfOther(tx, { ownerId: from, userId: to, isCloseFriend }, clock.now());
        else await deleteContacts(tx, from, [to]);
        tx.afterCommit(() => relations.relationChanged(from, to));
      }
    },
    restore: (tx, dc, effects) => retell({ homes, clock }, { tx, dc }, effects, listContactEffects),
  };
}

/** Keeps whom people elsewhere have blocked here. Bots are told that they were stopped. */
export function createBlockHandler({ bus, clock, relations, homes, botStops }: Parts & { botStops: Pick<BotStops, 'order'> }): EffectHandler<BlockEffect> {
  return {
    kind: blockKind,
    atOnce: AT_ONCE,
    async apply(tx, _dc, effects) {
      for (const { from, to, isBlocked } of await findValid(tx, effects)) {
        const list = { ownerId: from, storiesOnly: false };
        if (isBlocked) await insertBlocks(tx, list, [to], clock.now());
        else await deleteBlocks(tx, list, [to]);
        await updateMutualOf(tx, from, [to]);
        await botStops.order(tx, { userId: from, blocked: new Map([[to, isBlocked]]), date: clock.now() });
        tx.afterCommit(() => {
          const isSettled = relations.relationChanged(from, to);
          publishAccountHint(bus, { kind: 'status_view', userId: from, viewerIds: [to] });
          return isSettled;
        });
      }
    },
    restore: (tx, dc, effects) => retell({ homes, clock }, { tx, dc }, effects, listBlockEffects),
  };
}
