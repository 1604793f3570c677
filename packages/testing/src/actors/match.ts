import { inspect } from 'node:util';
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

/** The conditions as the control API takes them; undefined if every message will do. */
export function toWireMatch(match: Exclude<Match, (message: Message) => boolean> | undefined): WireMatch | undefined {
  if (match === undefined) return undefined;
  if (typeof match === 'string') return { text: match };
  if (match instanceof RegExp) return { regex: toWireRegex(match) };
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
  const text = match.toString().replace(/\s+/g, ' ');
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}

/** A value of a test in one line, for an error. */
export function describeValue(value: unknown): string {
  return inspect(value, { breakLength: Infinity, depth: 1 });
}
