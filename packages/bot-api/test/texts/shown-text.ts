import type { tl } from '@aerogram/tl';

import { BotError } from '../../src/bot-error.ts';
import { projectEntities } from '../../src/texts/entity-objects.ts';

/** Entities, as a bot sees them, in one line: type, place with length, and what else there is, such as `bold 0+5, pre 6+2 python`. */
export function shownEntities(entities: readonly tl.MessageEntity[]): string {
  return projectEntities(entities, (userId) => ({ id: Number(userId) }))
    .map(({ type, offset, length, ...own }) => [`${type} ${offset}+${length}`, ...Object.values(own).map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)))].join(' '))
    .join(', ');
}

/** What a function returns for a text, as `[text, entities]`, or the text of the error. */
export function outcomeOf(parse: (source: string) => { text: string; entities: tl.MessageEntity[] }, source: string): [string, string] | string {
  try {
    const { text, entities } = parse(source);
    return [text, shownEntities(entities)];
  } catch (error) {
    if (!(error instanceof BotError)) throw error;
    return `${error.code} ${error.message}`;
  }
}

/** The outcome for a text whose markup cannot be read. */
export const refused = (reason: string): string => `400 Bad Request: can't parse entities: ${reason}`;
