import { z } from 'zod';

import { type Effect, type EffectKind, wireInt, wireUserId } from '../effects/index.ts';
import { cleanLine, NAME_MAX } from '../peers/index.ts';
import { namesGroups, PRIVACY_KEYS, RULE_KINDS } from '../privacy/index.ts';

/** The most users in the rules of one privacy key. */
const NAMED_MAX = 1000;
/** Above the length of any name that is accepted: another home may run a newer version. */
const TEXT_MAX = 4 * NAME_MAX;

const ruleSchema = z
  .object({
    key: z.enum(PRIVACY_KEYS),
    kind: z.enum(RULE_KINDS),
    ids: z.array(wireUserId).max(NAMED_MAX),
  })
  // Another data centre has no say about groups here, and learns nothing of who is in them: such a rule matches nobody.
  .transform((rule) => (namesGroups(rule.kind) ? { key: rule.key, kind: 'DisallowUsers' as const, ids: [] } : rule));

const nameSchema = z.string().max(TEXT_MAX).transform((name) => cleanLine(name, NAME_MAX));

const cardSchema = z.object({
  personId: wireUserId,
  /** Of two cards of a person, the one with the higher version is newer. */
  version: wireInt,
  firstName: nameSchema,
  lastName: nameSchema,
  username: z.string().regex(/^\w{1,32}$/).optional(),
  phone: z.string().regex(/^\d{5,20}$/).optional(),
  isBot: z.boolean(),
  isDeleted: z.boolean(),
  /** Of a deleted person: the data centre has been given the card, also if it has not arrived yet. */
  wasGiven: z.literal(true).optional(),
  mark: z.enum(['verified', 'scam', 'fake']).optional(),
  /** The id of the photo at the home of the person. */
  photoId: wireInt.optional(),
  hidesReadDates: z.boolean(),
  rules: z.array(ruleSchema).max(PRIVACY_KEYS.length * RULE_KINDS.length),
});

/** What another data centre is told of a person here. */
export type Card = z.infer<typeof cardSchema>;

/** Tells what a person's card shows. A deleted person's goes to all data centres, and takes away what they have of the person. */
export interface CardEffect extends Effect {
  kind: 'card';
  card: Card;
}

/** The kind of {@link CardEffect}. */
export const cardKind: EffectKind<CardEffect> = {
  kind: 'card',
  schema: z
    .object({ kind: z.literal('card'), from: wireUserId, card: cardSchema })
    .refine(({ from, card }) => from === card.personId),
};

/** The name of the question for the cards of people. */
export const CARD_QUESTION = 'card.read';

/** The most people of one question. */
export const ASKED_MAX = 100;

/** How a viewer knows of people: by their numbers, by their usernames, or because the viewer has their cards already. */
export type Ways = 'phone' | 'username' | 'card';

const soughtSchema = z.object({ id: wireUserId, name: z.string().max(TEXT_MAX).optional() });

/** Somebody elsewhere whose card is asked for. */
export interface Sought {
  id: bigint;
  /** The number or username (in lower case) by which the viewer knows the person, if that is the way: the home of the person compares it. */
  name?: string | undefined;
}

/** Asks the home of people for their cards on behalf of a viewer, who is noted as a reader of those that are given. */
export const cardQuestionSchema = z.object({
  viewerId: wireUserId,
  isBot: z.boolean(),
  way: z.enum(['phone', 'username', 'card']),
  people: z.array(soughtSchema).max(ASKED_MAX),
});

/** What {@link cardQuestionSchema} reads. */
export type CardQuestion = z.infer<typeof cardQuestionSchema>;

/** The most values of an answer: so many ids fit into the rules of the cards of one. */
export const ANSWER_VALUES_MAX = 80_000;

/** The cards that the viewer may have. */
export const cardAnswerSchema = z.object({
  cards: z.array(cardSchema).max(ASKED_MAX),
  /** In which epoch of the stream of frames they were read; an older program does not say it. */
  epoch: wireInt.optional(),
});
