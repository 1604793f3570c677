import type { tl } from '@mtcute/core';
import type { Effect } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { askOnce } from './ask-once.ts';
import { type Location, locationOf } from './models/location.ts';

type Effects = tl.messages.RawAvailableEffects;

const loadEffects = askOnce(async (account): Promise<Effects | undefined> => {
  const answer = await account.call({ _: 'messages.getAvailableEffects', hash: 0 });
  return answer._ === 'messages.availableEffects' ? answer : undefined;
});

/** What can be played when a message arrives. */
export async function listEffects(account: Account): Promise<Effect[]> {
  const { effects = [] } = (await loadEffects(account)) ?? {};
  return effects.map(({ id, emoticon }) => ({ id: id.toString(), emoji: emoticon }));
}

/** Finds the animation of an effect: that across the message, else that of its sticker. Pure. */
export function animationOf({ effects, documents }: Effects, id: string): Location | undefined {
  const effect = effects.find((each) => each.id.toString() === id);
  const document = effect && documents.find((each) => each._ === 'document' && each.id.equals(effect.effectAnimationId ?? effect.effectStickerId));
  return document?._ === 'document' ? locationOf('document', document) : undefined;
}

/** Finds where the animation of an effect is. */
export async function findEffect(account: Account, id: string): Promise<Location | undefined> {
  const effects = await loadEffects(account);
  return effects && animationOf(effects, id);
}
