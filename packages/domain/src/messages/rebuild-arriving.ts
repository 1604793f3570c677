import { markPeer } from '@aerogram/cluster';
import { RpcError } from '@aerogram/errors';
import { defineStatement } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { isBundledEmoji } from '../documents/index.ts';
import { type MessageExtra, MessageFlag, unpackMessageExtra } from '../events/index.ts';
import { forwardMarkup, rebuildArrivedMarkup } from '../keyboards/index.ts';
import { cleanLine } from '../peers/index.ts';
import { flagOf, normalizeUrl } from '../shared/index.ts';
import { findFirstUrl, type PendingPage, showsUrl, type WebPages } from '../web-pages/index.ts';
import { normalizeCaption, normalizeText } from './check-text.ts';
import type { MentionAccess } from './mention-access.ts';
import type { MessageEffect } from './message-effect.ts';
import type { MessagingDeps } from './messaging-deps.ts';

/** What a box gets of a message that another data centre has sent. */
export interface Arriving {
  text: string;
  /** All but the header of a reply to a message of the dialog. */
  extra: MessageExtra;
  /** The quote of a reply to a message of the dialog. */
  quote: tl.messageReplyHeader | undefined;
  /** The page that the preview waits for. */
  pending: PendingPage | undefined;
}

/** What {@link rebuildArriving} reads of a message. */
export type ArrivingContent = Pick<MessageEffect, 'from' | 'to' | 'text' | 'extra' | 'flags' | 'answered'>;

/** What {@link rebuildArriving} needs. */
export interface RebuildDeps extends Pick<MessagingDeps, 'db' | 'homes' | 'users' | 'privacy'> {
  webPages: Pick<WebPages, 'isOn' | 'findPreview'>;
}

/** Longest name of an author, in UTF-16 units: two names and a space. */
const NAME_MAX = 129;

// `card_readers`: the one who names them has been shown them by this server.
const findNameable = defineStatement<{ user_id: bigint }>(
  'find_nameable_elsewhere',
  `SELECT w.user_id FROM unnest($3::bigint[]) AS w (user_id)
    WHERE EXISTS (SELECT FROM contacts c WHERE c.owner_id = $1 AND c.user_id = w.user_id)
       OR EXISTS (SELECT FROM dialogs d WHERE d.owner_id = $1 AND d.peer_id = w.user_id)
       OR EXISTS (SELECT FROM card_readers r WHERE r.person_id = w.user_id AND r.viewer_id = $2)`,
);

/**
 * Rebuilds what another data centre has sent, as if a client had sent it: only what is known here gets into a box.
 * @param ownerId in whose box it goes: the receiver, or the sender of a message that was lost here
 * @throws RpcError as `normalizeText`; no server that keeps the rules sends such a message
 */
export async function rebuildArriving(deps: RebuildDeps, effect: ArrivingContent, ownerId: bigint): Promise<Arriving> {
  const given = unpackMessageExtra(effect.extra ?? null);
  const mentions = mentionsIn(deps, effect, ownerId);
  const { text, entities } = await normalizeText(effect.text, given.entities, mentions);
  const header = given.replyTo && (await rebuildQuote(given.replyTo, mentions));
  const isReply = effect.answered !== undefined;
  const other = isReply || given.replyTo?.reply_from === undefined ? undefined : { ...header!, reply_from: await rebuildHeader(deps, effect, given.replyTo.reply_from, mentions) };
  const fwdFrom = given.fwdFrom && (await rebuildHeader(deps, effect, given.fwdFrom, mentions));
  const { media, pending } = await findPage(deps, { readerId: effect.from, text, entities, flags: effect.flags, given: given.media });
  return {
    text,
    extra: { entities, media, fwdFrom, replyTo: other, replyMarkup: await rebuildKeyboard(deps, effect.from, given.replyMarkup) },
    quote: isReply && header?.quote_text !== undefined ? header : undefined,
    pending,
  };
}

function mentionsIn({ db, homes, users }: RebuildDeps, { from, to }: ArrivingContent, ownerId: bigint): MentionAccess {
  const dcOf = (id: bigint): number | undefined => homes?.dcOf(id);
  return {
    accessMention: (user) => Promise.reject(new Error(`${user._} in a message of another data centre`)),
    // Custom emoji of sets that people make exist only in their own data centre.
    listEmoji: (ids) => Promise.resolve(new Set(ids.filter(isBundledEmoji))),
    async listNameable(all) {
      const ids = [...new Set(all)];
      const theirs = ids.filter((id) => dcOf(id) !== undefined && dcOf(id) === dcOf(ownerId === to ? from : to));
      const [{ rows }, cards] = await Promise.all([db.run(findNameable, [ownerId, ownerId === to ? from : to, ids]), theirs.length === 0 ? undefined : users.findRows(theirs)]);
      return new Set([from, to, ...rows.map((row) => row.user_id), ...(cards?.keys() ?? [])]);
    },
  };
}

/** The quoted text of a reply. */
async function rebuildQuote({ quote, quote_text: quoted, quote_entities, quote_offset }: tl.messageReplyHeader, mentions: MentionAccess): Promise<tl.messageReplyHeader> {
  if (quoted === undefined) return { _: 'messageReplyHeader' };
  const { text, entities } = await normalizeCaption(quoted, quote_entities, mentions);
  return { _: 'messageReplyHeader', quote: quote === true ? true : undefined, quote_text: text, quote_entities: entities.length > 0 ? entities : undefined, quote_offset };
}

/** The header of a forward. It has the id of the original author if the receiver may know that person, otherwise only the name. */
async function rebuildHeader({ privacy, homes }: RebuildDeps, { from }: ArrivingContent, { from_id, from_name, date, post_author }: tl.MessageFwdHeader, mentions: MentionAccess): Promise<tl.messageFwdHeader> {
  const name = from_name === undefined ? undefined : cleanLine(from_name, NAME_MAX);
  const author = from_id?._ === 'peerUser' ? markPeer(from_id) : undefined;
  const isNamed = author !== undefined && (await mentions.listNameable([author])).has(author) && (homes?.dcOf(author) !== undefined || (await privacy.mayLinkForward(author, from)));
  return {
    _: 'messageFwdHeader',
    date,
    ...(isNamed ? { from_id } : { from_name: name === undefined || name === '' ? 'Deleted Account' : name }),
    post_author: post_author === undefined ? undefined : cleanLine(post_author, NAME_MAX),
  };
}

/** The keyboard of a message. That of a bot comes whole; others forward only links. A keyboard that is not allowed here is left out, and the message comes without it. */
export async function rebuildKeyboard({ users }: Pick<RebuildDeps, 'users'>, senderId: bigint, markup: tl.ReplyMarkup | undefined): Promise<tl.ReplyMarkup | undefined> {
  if (markup === undefined) return undefined;
  const rebuilt = allowedMarkup(markup);
  return (await users.findRows([senderId])).get(senderId)?.bot === true ? rebuilt : forwardMarkup(rebuilt);
}

function allowedMarkup(markup: tl.ReplyMarkup): tl.ReplyMarkup | undefined {
  try {
    return rebuildArrivedMarkup(markup);
  } catch (error) {
    if (error instanceof RpcError) return undefined;
    throw error;
  }
}

/** What a preview is made from. */
interface Previewed extends Pick<Arriving, 'text'> {
  /** From whose quota the page is fetched: the sender, so that nobody uses up that of others. */
  readerId: bigint;
  entities: tl.MessageEntity[];
  flags: number;
  /** What the sender's home has, which is only asked for the address and how it is shown. */
  given: tl.MessageMedia | undefined;
}

/** The preview of the page that the sender's copy shows, or of the first link; this server fetches it itself. */
async function findPage({ webPages }: RebuildDeps, { readerId, text, entities, flags, given }: Previewed): Promise<{ media?: tl.MessageMedia; pending?: PendingPage }> {
  if (!webPages.isOn) return {};
  const firstUrl = (): string | undefined => ((flags & MessageFlag.noWebpage) === 0 ? findFirstUrl(text, entities) : undefined);
  const chosen = given?._ === 'messageMediaWebPage' && given.webpage._ === 'webPageEmpty' ? { ...given, webpage: given.webpage } : undefined;
  const url = chosen === undefined ? firstUrl() : normalizeUrl(chosen.webpage.url ?? '');
  if (url === undefined) return {};
  const safe = chosen?.manual === true && showsUrl(text, entities, url) ? true : undefined;
  return webPages.findPreview(readerId, url, { force_large_media: flagOf(chosen?.force_large_media), force_small_media: flagOf(chosen?.force_small_media), manual: flagOf(chosen?.manual), safe });
}
