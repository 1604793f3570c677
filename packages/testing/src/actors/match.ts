import { inspect } from 'node:util';
import type { CallerTrace } from '../control/caller-trace.ts';
import { CloudError } from '../control/cloud-error.ts';
import type { MediaKind, Message } from './message.ts';

/** What a message must have; all that is given must hold. */
export interface MessagePattern {
  /** Text that it contains, or a pattern that its text matches. */
  text?: string | RegExp;
  /** Whether it has a keyboard with buttons. */
  buttons?: boolean;
  /** Kind of its media. */
  media?: MediaKind;
  /** The event that it tells of, such as `messageActionChatAddUser`. */
  action?: string;
}

/** What is waited for: text that a message contains, a pattern for its text, several conditions, or a function that is given each message. */
export type Match = string | RegExp | MessagePattern | ((message: Message) => boolean);

/** The conditions as the control API takes them. */
export interface WireMatch {
  text?: string;
  regex?: { source: string; flags: string };
  hasButtons?: boolean;
  media?: string;
  action?: string;
}

const CONDITIONS: ReadonlySet<string> = new Set<keyof MessagePattern>(['text', 'buttons', 'media', 'action']);

/** The conditions as the control API takes them; undefined if every message will do. @throws CloudError `invalid` if they are none, so that a misspelt one does not fit every message */
export function toWireMatch(match: Exclude<Match, (message: Message) => boolean> | undefined, trace: CallerTrace): WireMatch | undefined {
  if (match === undefined) return undefined;
  if (typeof match === 'string') return { text: match };
  if (match instanceof RegExp) return { regex: toWireRegex(match) };
  if (typeof match !== 'object' || match === null || Object.keys(match).some((name) => !CONDITIONS.has(name))) {
    throw new CloudError('invalid', `${describeValue(match)} cannot be waited for here: give text, a pattern or { text, buttons, media, action }`, {}, trace);
  }
  const { text, buttons, media, action } = match;
  return {
    ...(typeof text === 'string' ? { text } : {}),
    ...(text instanceof RegExp ? { regex: toWireRegex(text) } : {}),
    ...(buttons === undefined ? {} : { hasButtons: buttons }),
    ...(media === undefined ? {} : { media }),
    ...(action === undefined ? {} : { action }),
  };
}

/** The flags `g` and `y` are left out, because they make a pattern remember where it was. */
function toWireRegex({ source, flags }: RegExp): { source: string; flags: string } {
  return { source, flags: flags.replace(/[gy]/g, '') };
}

const SHOWN_LENGTH = 200;

/** A function of a test in one line, for an error. */
export function describeFunction(match: (message: Message) => boolean): string {
  return cut(match.toString().replace(/\s+/g, ' '));
}

/** A value of a test in one short line, for an error. Of an object of a class only the class is named: the object may be large, and hold a token. */
export function describeValue(value: unknown): string {
  const className = nameOfClass(value);
  return className === undefined ? cut(inspect(value, { breakLength: Infinity, depth: 1 })) : `an object of the class ${className}`;
}

/** Undefined for what is no object of a class, such as text, a list or `{ … }`. */
function nameOfClass(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  return prototype === null || prototype === Object.prototype ? undefined : prototype.constructor?.name;
}

function cut(text: string): string {
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
