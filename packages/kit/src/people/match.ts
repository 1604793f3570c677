import { createContext, Script } from 'node:vm';
import { z } from 'zod';

import { KitError } from '../kit-error.ts';
import type { Message } from './message-shape.ts';

/** Characters of a message that a regular expression is tried on. */
const TRIED_MAX = 8192;

/** How long a regular expression is tried on one message, in milliseconds. Some take years, and the whole server waits meanwhile. */
const TRY_MS = 1000;

/** Which message is meant. All conditions must hold. */
export const matchSchema = z.strictObject({
  text: z.string().max(4096).optional().describe('The text contains this.'),
  regex: z.strictObject({ source: z.string().max(1000), flags: z.string().max(8).default('') }).optional().describe('The text matches this regular expression of JavaScript.'),
  hasButtons: z.boolean().optional().describe('Whether a keyboard came with it.'),
  media: z.string().max(32).optional().describe('Kind of its media.'),
  action: z.string().max(64).optional().describe('What the service message tells of.'),
});

/** Which message is meant. */
export type Match = z.output<typeof matchSchema>;

/** Compiles a match. What it returns throws KitError `invalid` for a regular expression that takes too long. @throws KitError `invalid` for a bad regular expression */
export function compileMatch(match: Match = {}): (message: Message) => boolean {
  const { text, hasButtons, media, action } = match;
  const regex = match.regex === undefined ? undefined : compileRegex(match.regex);
  return (message) => {
    if (text !== undefined && !message.text.includes(text)) return false;
    if (hasButtons !== undefined && message.buttons.length > 0 !== hasButtons) return false;
    if (media !== undefined && message.media?.kind !== media) return false;
    if (action !== undefined && message.action !== action) return false;
    if (regex === undefined) return true;
    return tryRegex(regex, message.text.slice(0, TRIED_MAX));
  };
}

/** The match in words, to follow "a message of @bot". Pure. */
export function describeMatch({ text, regex, hasButtons, media, action }: Match = {}): string {
  const conditions = [
    ...(text === undefined ? [] : [`contains ${JSON.stringify(text)}`]),
    ...(regex === undefined ? [] : [`matches /${regex.source}/${regex.flags}`]),
    ...(hasButtons === undefined ? [] : [hasButtons ? 'has buttons' : 'has no buttons']),
    ...(media === undefined ? [] : [`is a ${media}`]),
    ...(action === undefined ? [] : [`tells of ${action}`]),
  ];
  return conditions.length === 0 ? '' : ` that ${conditions.join(' and ')}`;
}

function compileRegex({ source, flags }: NonNullable<Match['regex']>): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw new KitError('invalid', `/${source}/${flags} is no regular expression: ${(error as Error).message}`);
  }
}

const TRIAL = new Script('regex.test(text)');
const TRIED: { regex?: RegExp; text?: string } = createContext({});

/** @throws KitError `invalid` if it takes too long */
function tryRegex(regex: RegExp, text: string): boolean {
  regex.lastIndex = 0;
  Object.assign(TRIED, { regex, text });
  try {
    // Only programs that are run so can be stopped.
    return TRIAL.runInContext(TRIED, { timeout: TRY_MS }) as boolean;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new KitError('invalid', `${String(regex)} takes more than ${TRY_MS / 1000} s for one message: write it so that there is only one way to match a text`);
  }
}
