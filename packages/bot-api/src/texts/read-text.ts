import { ENTITIES_MAX } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import { BotError, badRequest } from '../bot-error.ts';
import { readJson } from '../read-json.ts';
import { withoutCarriageReturns } from './clean-text.ts';
import { asciiLower, type MarkedText } from './marked-text.ts';
import { nestEntities } from './nest-entities.ts';
import { parseEntities } from './parse-entities.ts';
import { parseHtml } from './parse-html.ts';
import { parseMarkdownV2 } from './parse-markdown-v2.ts';
import { parseMarkdown } from './parse-markdown.ts';

/** Where a text and its parameters are found: the parameters of a request, or an object in one. */
export interface TextSource<Name extends string = string> {
  /** The value as text, or written as JSON if it is something else; '' if it is absent. */
  text(name: Name): string;
}

/** The names of a text and of the two ways to mark it. */
export interface TextNames<Name extends string = string> {
  text: Name;
  parseMode: Name;
  entities: Name;
}

/** A text as the methods of MTProto take it. */
export interface InputText {
  message: string;
  /** At most as many as the server keeps. */
  entities: tl.MessageEntity[];
}

/** Maximum size of a text with its markup, in bytes of UTF-8. */
export const SOURCE_MAX_BYTES = 32 * 1024;

/** Names of the parameters of a message's text. */
export const TEXT_NAMES = { text: 'text', parseMode: 'parse_mode', entities: 'entities' } as const;
/** Names of the parameters of a caption. */
export const CAPTION_NAMES = { text: 'caption', parseMode: 'parse_mode', entities: 'caption_entities' } as const;
/** Names of the fields of a quote in ReplyParameters. */
export const QUOTE_NAMES = { text: 'quote', parseMode: 'quote_parse_mode', entities: 'quote_entities' } as const;
/** Names of the fields of a text in InputTextMessageContent. */
export const MESSAGE_TEXT_NAMES = { text: 'message_text', parseMode: 'parse_mode', entities: 'entities' } as const;

const PARSERS: ReadonlyMap<string, (source: string) => MarkedText> = new Map([
  ['html', parseHtml],
  ['markdownv2', parseMarkdownV2],
  ['markdown', parseMarkdown],
]);

/**
 * Reads a text that is marked by a style (`parse_mode`) or else by a list of entities. It may be empty, and it is not trimmed.
 * @throws BotError 400 `text is too long` (before its markup is parsed), `unsupported parse_mode`, `can't parse entities: …`, and the errors of
 * {@link parseEntities}
 */
export function readText<Name extends string>(source: TextSource<Name>, names: TextNames<NoInfer<Name>>): InputText {
  const raw = source.text(names.text);
  if (Buffer.byteLength(raw) > SOURCE_MAX_BYTES) throw badRequest('text is too long');
  const mode = asciiLower(source.text(names.parseMode));
  const { text, entities } = withoutCarriageReturns(mark(raw, mode, () => source.text(names.entities)));
  return { message: text, entities: nestEntities(entities).slice(0, ENTITIES_MAX) };
}

function mark(text: string, mode: string, entitiesText: () => string): MarkedText {
  if (text === '' || mode === '' || mode === 'none') return { text, entities: parseEntities(text, parseJson(entitiesText())) };
  const parse = PARSERS.get(mode);
  if (parse === undefined) throw badRequest('unsupported parse_mode');
  return parse(text);
}

/** The value of a JSON text; undefined for anything else, which the official server ignores here. @throws BotError 400 as `readJson` */
function parseJson(text: string): unknown {
  // Most texts come without, and an exception for each of them is expensive.
  if (text === '') return undefined;
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof BotError) throw error;
    return undefined;
  }
}
