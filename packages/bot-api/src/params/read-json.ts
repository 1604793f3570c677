import { badRequest } from '../bot-error.ts';

/** The deepest nesting of a value: keyboards and results of inline queries have less than ten levels. */
const DEPTH_MAX = 64;

/** Reads JSON that somebody else wrote. @throws SyntaxError if it is none; BotError 400 if it is nested too deeply to be worked with */
export function readJson(text: string): unknown {
  const value = JSON.parse(text) as unknown;
  checkDepth(value);
  return value;
}

/** Without recursion: what is judged may be nested hundreds of thousands of levels deep. */
function checkDepth(root: unknown): void {
  let level = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH_MAX) throw badRequest('the value is nested too deeply');
    const next: unknown[] = [];
    for (const value of level) if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) next.push(inner);
    level = next;
  }
}
