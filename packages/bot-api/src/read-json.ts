import { findJsonExcess } from '@aerogram/runtime';
import { badRequest } from './bot-error.ts';

const EXCESSES = { deep: 'the value is nested too deeply', large: 'the value is too large' } as const;

/** Reads JSON that somebody else wrote. @throws SyntaxError if it is none; BotError 400 if it is nested too deeply, or has too many values, to be worked with */
export function readJson(text: string): unknown {
  const excess = findJsonExcess(text);
  if (excess !== undefined) throw badRequest(EXCESSES[excess]);
  return JSON.parse(text) as unknown;
}
