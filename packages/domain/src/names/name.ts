import { z } from 'zod';

import { type Effect, type EffectKind, wireInt, wireUserId } from '../effects/index.ts';

/** Phone numbers, and usernames of users, bots, groups and channels. */
export type NameType = 'phone' | 'username';

/** Something that only one peer of the whole community can have. */
export interface Name {
  type: NameType;
  /** A normalised phone number, or a username in lower case. */
  name: string;
}

/** Names that one question or one frame may have at most. */
export const NAMES_AT_ONCE = 500;

const PHONE = /^\d{4,20}$/;
const USERNAME = /^[a-z0-9_]{1,32}$/;

const wireType = z.enum(['phone', 'username']);

const wireText = z.string().max(32);

const isName = ({ type, name }: Name): boolean => (type === 'phone' ? PHONE : USERNAME).test(name);

/** A name in a question of another home. */
export const wireName = z.object({ type: wireType, name: wireText }).refine(isName);

/** Whether a text may be a name at all; others are not asked for. Pure. */
export const mayBeName = (type: NameType, text: string): boolean => isName({ type, name: text });

/** A name and who has it: the marked id. */
export const wireNamed = z.object({ type: wireType, name: wireText, peerId: wireInt }).refine(isName);

/** Names of one type that are looked for. */
export const wireNames = z.object({ type: wireType, names: z.array(wireText).max(NAMES_AT_ONCE) });

/** Who has them. */
export const wireFound = z.object({ found: z.array(z.object({ name: wireText, peerId: wireInt })).max(NAMES_AT_ONCE) });

/** What the first home says to a reservation. `later`: it has to ask the home of somebody who may have the name, which is away; or it is asked too much at present. */
export const wireReserved = z.object({ outcome: z.enum(['reserved', 'taken', 'later', 'banned']) });

/** Who has a name at the home that is asked; absent: nobody. */
export const wireOwner = z.object({ peerId: wireInt.optional() });

/** Names that a home tells again. */
export const wireTold = z.object({ named: z.array(wireNamed).max(NAMES_AT_ONCE) });

/** Which of them somebody of another home has; `later`: the first home is told too much at present. */
export const wireConflicts = z.object({ outcome: z.enum(['told', 'later']), conflicts: z.array(wireName).max(NAMES_AT_ONCE) });

/** Which timeline of its database the first home is on: after a restore it is another one. */
export const wireTimeline = z.object({ timeline: z.string().max(64) });

/**
 * Who has got or lost a name: a user, or a group or channel, whose plain id then stands in `from`, as its bits name its home like those of users.
 */
interface NameEffect extends Effect {
  isChannel?: boolean | undefined;
}

/** Somebody has got a name that was reserved for them. */
export interface NameConfirmed extends NameEffect, Name {
  kind: 'name_confirmed';
}

/** Somebody has given up a name, or, without one, all of them. */
export interface NameFreed extends NameEffect {
  kind: 'name_freed';
  type?: NameType | undefined;
  name?: string | undefined;
}

/** See {@link NameConfirmed}. */
export const nameConfirmedKind: EffectKind<NameConfirmed> = {
  kind: 'name_confirmed',
  schema: z.object({ kind: z.literal('name_confirmed'), from: wireUserId, isChannel: z.boolean().optional(), type: wireType, name: wireText }).refine(isName),
};

/** See {@link NameFreed}. */
export const nameFreedKind: EffectKind<NameFreed> = {
  kind: 'name_freed',
  schema: z
    .object({ kind: z.literal('name_freed'), from: wireUserId, isChannel: z.boolean().optional(), type: wireType.optional(), name: wireText.optional() })
    .refine(({ type, name }) => (type === undefined ? name === undefined : name !== undefined && isName({ type, name }))),
};
