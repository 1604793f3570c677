import type { tl } from '@aerogram/tl';

import { type ContentFilter, filtersOfAction, isPassing, mediaKindOf } from '../content/index.ts';
import { hasFlag, MessageFlag, type MessageRow, unpackMessageExtra } from '../events/index.ts';
import { partTerms, termsOfPart, type ThreadPart } from '../channel-state/index.ts';
import { conditionsOfText, tagsOfText, type TermsOfTexts } from './text-terms.ts';

/** Kinds of message for search filters: by what they show, whom they mention, and whether they are pinned. They are stored in the terms, so a name must never change meaning. */
export type MessageKind = ContentFilter | 'mention' | 'pinned';

/**
 * The terms of a message as a tsvector literal. Each term starts with the owner's id, so that the index keeps owners apart.
 * @param texts has the terms of texts that were seen before, such as those of copies of the message in other boxes
 */
export function projectTerms(row: MessageRow, texts: TermsOfTexts): string {
  const owner = prefixOf(row.owner_id);
  const { entities = [], media, action, mentioned = [] } = unpackMessageExtra(row.extra);
  const kinds = new Set<MessageKind>(listMediaKinds(media));
  if (entities.some(({ _ }) => _ === 'messageEntityUrl' || _ === 'messageEntityTextUrl')) kinds.add('url');
  // A message of a channel says whom it mentions; a message in a box mentions its owner.
  if (hasFlag(row, MessageFlag.mentioned) && mentioned.length === 0) kinds.add('mention');
  if (hasFlag(row, MessageFlag.pinned)) kinds.add('pinned');
  if (action !== undefined) for (const kind of filtersOfAction(action)) kinds.add(kind);
  const marks = ['~a', `~p${keyOf(row.peer_id)}`, `~f${keyOf(row.from_id)}`, ...[...kinds].map((kind) => `~k${kind}`), ...partTerms(row)];
  for (const userId of mentioned) marks.push(`~m${keyOf(userId)}`);
  if (row.saved_peer_id !== null) marks.push(`~s${keyOf(row.saved_peer_id)}`);
  const text = searchedText(row, media);
  let terms = marks.map((mark) => `'${owner}${mark}'`).join(' ');
  for (const [term, positions] of texts.find(text)) {
    terms += positions.length === 0 ? ` '${owner}${term}'` : ` '${owner}${term}':${positions.join(',')}`;
  }
  return terms;
}

function searchedText(row: MessageRow, media: tl.MessageMedia | undefined): string {
  return hasFlag(row, MessageFlag.service) ? '' : [row.text, ...(media === undefined ? [] : mediaKindOf(media).words(media))].join('\n');
}

/**
 * The terms of a post that everybody may search, as a tsvector literal; '' if the post has no text.
 * @param texts see {@link projectTerms}
 */
export function projectPublicTerms(row: MessageRow, texts: TermsOfTexts): string {
  const text = searchedText(row, unpackMessageExtra(row.extra).media);
  const terms = Array.from(texts.find(text), ([term, positions]) => (positions.length === 0 ? `'${term}'` : `'${term}':${positions.join(',')}`));
  return [...terms, ...tagsOfText(text).map((tag) => `'${tag}'`)].join(' ');
}

/** A search in the posts of all public channels. */
export interface PublicTermsQuery {
  text: string;
  /** The text is a hashtag or cashtag, which posts must have exactly; otherwise they have words that begin with those of the text. */
  isTag: boolean;
}

/** The query as a tsquery literal; undefined if it cannot match anything. */
export function projectPublicQuery({ text, isTag }: PublicTermsQuery): string | undefined {
  if (isTag) {
    const [tag] = tagsOfText(text);
    return tag === undefined ? undefined : `'${tag}'`;
  }
  return conditionsOfText(text)
    ?.map((condition) => ('begins' in condition ? `'${condition.begins}':*` : `(${condition.row.map((term) => `'${term}'`).join(' <-> ')})`))
    .join(' & ');
}

/** The conditions of a search, except its offsets and dates. */
export interface TermsQuery {
  text: string;
  /** Marked peer id, as in the Bot API: negative for chats and channels. */
  peerId?: bigint | undefined;
  /** Marked peer id of the author. */
  fromId?: bigint | undefined;
  /** Marked peer id; in Saved Messages, only messages saved from this peer. */
  savedPeerId?: bigint | undefined;
  /** Any of these kinds; undefined for all messages. */
  kinds?: readonly MessageKind[] | undefined;
  /** In a channel: whom the messages of the kind `mention` mention. */
  mentionedId?: bigint | undefined;
  /** In a supergroup: only messages of this topic or thread. */
  part?: ThreadPart | undefined;
}

/** The query as a tsquery literal; undefined if it cannot match anything. */
export function projectQuery(ownerId: bigint, { text, peerId, fromId, savedPeerId, kinds, mentionedId, part }: TermsQuery): string | undefined {
  const owner = prefixOf(ownerId);
  const term = (word: string): string => `'${owner}${word}'`;
  const conditions = text.trim() === '' ? [] : conditionsOfText(text);
  if (conditions === undefined || kinds?.length === 0) return undefined;
  const parts = conditions.map((condition) =>
    'begins' in condition ? `${term(condition.begins)}:*` : `(${condition.row.map(term).join(' <-> ')})`,
  );
  if (peerId !== undefined) parts.push(term(`~p${keyOf(peerId)}`));
  if (fromId !== undefined) parts.push(term(`~f${keyOf(fromId)}`));
  if (savedPeerId !== undefined) parts.push(term(`~s${keyOf(savedPeerId)}`));
  if (part !== undefined) parts.push(`(${termsOfPart(part).map(term).join(' | ')})`);
  const termOf = (kind: MessageKind): string => term(kind === 'mention' && mentionedId !== undefined ? `~m${keyOf(mentionedId)}` : `~k${kind}`);
  if (kinds) parts.push(`(${kinds.map(termOf).join(' | ')})`);
  return parts.length === 0 ? term('~a') : parts.join(' & ');
}

const keyOf = (id: bigint): string => id.toString(36);
// Terms need no escaping: they consist of letters, digits, combining marks, `_`, `#`, `@`, `$` and emoji only.
const prefixOf = (ownerId: bigint): string => `${keyOf(ownerId)}:`;

/** The kinds by which filters find media. What goes when it was viewed is in no collection. */
function listMediaKinds(media: tl.MessageMedia | undefined): readonly ContentFilter[] {
  return media === undefined || isPassing(media) ? [] : mediaKindOf(media).filters(media);
}
