import { newPresentedId, unmarkPeer } from '@aerogram/cluster';
import { sha256Of } from '@aerogram/crypto';
import { rpcError } from '@aerogram/errors';
import { encode, type tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

import type { ResolvedPeer } from '../access/index.ts';
import type { BotQuestions, InlineIds, InlineMessage } from '../bot-queries/index.ts';
import type { BotRows } from '../bot-rows/index.ts';
import { findPosts } from '../channel-state/index.ts';
import type { Channels } from '../channels/index.ts';
import { doRenewUnsent } from '../collections/index.ts';
import { documentIdsOf, type MediaFiller } from '../documents/index.ts';
import { type MessageRow, type PostRow, unpackMessageExtra } from '../events/index.ts';
import type { ContentEdit, Messages } from '../messages/index.ts';
import type { UserRow } from '../peers/index.ts';
import { type DomainDeps, QuotaBuckets } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { contentOfResult, type InlineContent } from './content-of-result.ts';
import { findCachedSet, findSetOfQuery, findShownSet, type InlineSet } from './find-set.ts';
import { CACHE_MAX_S, INLINE_OFFSET_BYTES, INLINE_QUERY_MAX, SENDABLE_S } from './inline-limits.ts';
import { insertSet } from './inline-set-store.ts';
import { mediaOfResult } from './media-of-result.ts';
import { type InlineAnswer, prepareAnswer } from './prepare-answer.ts';
import type { ResultDeps } from './prepare-result.ts';
import { type FileResult, ResultFiles, type ResultFilesDeps } from './result-files.ts';

/** What {@link InlineMode} needs. */
export interface InlineDeps extends Pick<DomainDeps, 'db' | 'clock' | 'hasLimits' | 'random'>, ResultDeps, ResultFilesDeps {
  config: Pick<DomainDeps['config'], 'homeDcId'>;
  questions: BotQuestions;
  inlineIds: InlineIds;
  channels: Pick<Channels, 'at'>;
  messages: ResultDeps['messages'] & Pick<Messages, 'doEditVia' | 'find'>;
  users: Pick<Users, 'findRows'>;
  botRows: Pick<BotRows, 'findRow'>;
  filler: Pick<MediaFiller, 'fillDocument' | 'fillPhoto'>;
}

/** What somebody asks an inline bot. */
export interface InlineQuery {
  userId: bigint;
  bot: UserRow;
  /** The chat in which the person writes; undefined if the client does not say. */
  peer: ResolvedPeer | undefined;
  /** Where the person is; only bots that ask for it are told. */
  geo: tl.geoPoint | undefined;
  query: string;
  offset: string;
  /** Called when the bot was asked. */
  onWait?: () => void;
}

/** A result that somebody sends. */
export interface Chosen {
  botId: bigint;
  resultId: string;
  content: InlineContent;
  /** What the person asked. */
  question: tl.updateBotInlineQuery;
}

/** A message that was sent via a bot: its author's copy, or the post. */
export interface SentVia {
  botId: bigint;
  row: MessageRow | PostRow;
}

/** Inline mode. Questions and results are rows, so each step may happen in another process. */
export class InlineMode {
  readonly #deps: InlineDeps;
  readonly #queries: QuotaBuckets;
  readonly #queriesOfBot: QuotaBuckets;
  readonly #bytesOfBot: QuotaBuckets;
  readonly #edits: QuotaBuckets;
  readonly #resultFiles: ResultFiles;

  constructor(deps: InlineDeps) {
    this.#deps = deps;
    this.#queries = new QuotaBuckets(deps, 'inlineQueries');
    this.#edits = new QuotaBuckets(deps, 'inlineEdits');
    this.#resultFiles = new ResultFiles(deps);
    this.#queriesOfBot = new QuotaBuckets(deps, 'inlineQueriesOfBot');
    this.#bytesOfBot = new QuotaBuckets(deps, 'inlineBytesOfBot');
  }

  /**
   * Returns the results of a bot for what somebody writes, from the cache or from the bot. Waiting holds no transaction. `users` is empty.
   * @throws RpcError 400 BOT_INVALID, BOT_INLINE_DISABLED, BOT_RESPONSE_TIMEOUT, 420 FLOOD_WAIT
   */
  async doFindResults({ userId, bot, peer, geo, query, offset, onWait }: InlineQuery): Promise<tl.messages.botResults> {
    const { db, clock, botRows, questions } = this.#deps;
    const { user_id: botId } = bot;
    if (!bot.bot || bot.deleted) throw rpcError('BOT_INVALID');
    const row = await botRows.findRow(botId);
    if (row === undefined || row.inline_placeholder === null) throw rpcError('BOT_INLINE_DISABLED');
    const question: tl.updateBotInlineQuery = {
      _: 'updateBotInlineQuery',
      query_id: 0n,
      user_id: userId,
      // A cut may leave half of a character.
      query: query.slice(0, INLINE_QUERY_MAX).replace(/[\ud800-\udbff]$/, ''),
      geo: row.inline_geo ? geo : undefined,
      peer_type: peer && kindOf(peer, botId),
      offset: Buffer.byteLength(offset) > INLINE_OFFSET_BYTES ? '' : offset,
    };
    const cached = await findCachedSet(db, { botId, userId, cacheKey: cacheKeyOf(question), nowDate: clock.now() });
    if (cached !== undefined) return this.#project(cached);
    const waitS = this.#queries.take(String(userId), 1) || this.#queriesOfBot.take(String(botId), 1);
    if (waitS > 0) throw rpcError('FLOOD_WAIT_%d', waitS);
    const { queryId } = await questions.doAsk({ botId, userId, question, onWait });
    const set = await findSetOfQuery(db, { botId, queryId });
    // The database crashed between the answer and here.
    if (set === undefined) throw rpcError('BOT_RESPONSE_TIMEOUT');
    return this.#project(set);
  }

  /**
   * Stores the results of a bot for an inline query.
   * @throws RpcError 400 QUERY_ID_INVALID, DOCUMENT_INVALID, 420 FLOOD_WAIT (the bot stores too much), and as {@link prepareAnswer}
   */
  async doAnswer(botId: bigint, queryId: bigint, given: InlineAnswer): Promise<void> {
    const { db, clock, random, config, questions } = this.#deps;
    const sent = encode({ ...given, _: 'messages.setInlineBotResults', query_id: queryId });
    const cacheS = Math.max(0, Math.min(given.cache_time, CACHE_MAX_S));
    // What is kept for twice the time counts twice: so the limit is one of what is stored at any time.
    const waitS = this.#bytesOfBot.take(String(botId), Math.ceil((sent.length / 1024) * (1 + cacheS / SENDABLE_S)));
    if (waitS > 0) throw rpcError('FLOOD_WAIT_%d', waitS);
    const answer = await prepareAnswer(this.#deps, botId, given);
    const documentIds = answer.results.flatMap((result) => documentIdsOf(mediaOfResult(result)));
    // The results hold no files: each has to be there for as long as it can be sent.
    if (documentIds.length > 0 && !(await doRenewUnsent(db, [...new Set(documentIds)]))) throw rpcError('DOCUMENT_INVALID');
    // A repeated answer is recognised by what the bot sent: what is stored contains random numbers.
    const digest = sha256Of(sent);
    await questions.doAnswer({ botId, queryId }, {
      answer: digest,
      keep: (tx, asked) => {
        const nowDate = clock.now();
        return insertSet(
          tx,
          {
            set_id: newPresentedId(random, config.homeDcId),
            bot_id: botId,
            query_id: queryId,
            user_id: asked.userId,
            is_private: given.private === true || cacheS === 0,
            // The cast is safe: doFindResults stored it.
            cache_key: cacheKeyOf(storedDecode(asked.question) as tl.updateBotInlineQuery),
            cached_until: nowDate + cacheS,
            kept_until: nowDate + cacheS + SENDABLE_S,
            question: asked.question,
            answer: storedEncode(answer),
          },
          nowDate,
        );
      },
    });
  }

  /**
   * Returns the message of a result that somebody chose among those that they were shown.
   * @param setId the `query_id` of the results
   * @throws RpcError 400 QUERY_ID_EMPTY, RESULT_ID_EMPTY, INLINE_RESULT_EXPIRED, RESULT_ID_INVALID, BOT_INVALID
   */
  async accessResult(userId: bigint, setId: bigint, resultId: string): Promise<Chosen> {
    const { db, clock, users, mediaInputs } = this.#deps;
    if (setId === 0n) throw rpcError('QUERY_ID_EMPTY');
    if (resultId === '') throw rpcError('RESULT_ID_EMPTY');
    const set = await findShownSet(db, { userId, setId, nowDate: clock.now() });
    if (set === undefined) throw rpcError('INLINE_RESULT_EXPIRED');
    const result = set.answer.results.find(({ id }) => id === resultId);
    if (result === undefined) throw rpcError('RESULT_ID_INVALID');
    const botId = set.bot_id;
    const bot = (await users.findRows([botId])).get(botId);
    if (bot?.bot !== true || bot.deleted) throw rpcError('BOT_INVALID');
    const content = await contentOfResult(result, (input) => mediaInputs.prepare(input, { userId, isBot: false }));
    return { botId, resultId, content, question: set.question };
  }

  /** Makes the media of a result that is a file of another site. Throws as {@link ResultFiles.doMake}. */
  doMakeFile(userId: bigint, result: FileResult): ReturnType<ResultFiles['doMake']> {
    return this.#resultFiles.doMake(userId, result);
  }

  /**
   * Tells a bot that somebody sent one of its results, for the share of them that its owner has chosen.
   * @param message if the bot may edit it
   */
  async doReport(userId: bigint, { botId, resultId, question: { query, geo } }: Chosen, message: InlineMessage | undefined): Promise<void> {
    const { random, botRows, inlineIds, questions } = this.#deps;
    const { inline_feedback: percent = 0 } = (await botRows.findRow(botId)) ?? {};
    if (Number(random.int63() % 100n) >= percent) return;
    await questions.doTell(botId, userId, { _: 'updateBotInlineSend', user_id: userId, query, geo, id: resultId, msg_id: message && inlineIds.of(botId, message) });
  }

  /**
   * Returns a message that was sent via a bot, for that bot.
   * @throws RpcError 400 MESSAGE_ID_INVALID
   */
  async accessSent(botId: bigint, id: tl.InputBotInlineMessageID): Promise<SentVia> {
    const { db, inlineIds, messages } = this.#deps;
    const { ownerId, msgId } = inlineIds.open(botId, id);
    const owner = unmarkPeer(ownerId);
    // The bot need not be a member of the channel.
    const row = owner._ === 'peerChannel' ? (await findPosts(db.q, owner.channel_id, [msgId])).get(msgId) : (await messages.find(ownerId, [msgId])).get(msgId);
    if (row === undefined || unpackMessageExtra(row.extra).viaBotId !== botId) throw rpcError('MESSAGE_ID_INVALID');
    return { botId, row };
  }

  /**
   * Edits all copies of a message that was sent via a bot.
   * @throws RpcError 420 FLOOD_WAIT, and as the edits of messages and posts
   */
  async doEdit({ botId, row }: SentVia, content: Omit<ContentEdit, 'viaBotId'>): Promise<void> {
    const { messages, channels } = this.#deps;
    const waitS = this.#edits.take(String(botId), 1);
    if (waitS > 0) throw rpcError('FLOOD_WAIT_%d', waitS);
    const edit = { ...content, viaBotId: botId, msgId: row.msg_id, origin: undefined };
    const peer = unmarkPeer(row.peer_id);
    if ('poster_id' in row && peer._ === 'peerChannel') await channels.at(peer.channel_id).posts.doEdit({ ...edit, actorId: row.poster_id });
    else await messages.doEditVia({ ...edit, ownerId: row.owner_id, peerId: row.peer_id });
  }

  /** The results as clients get them. Those that are shown again say for how long they will be. */
  #project({ set_id: setId, cached_until: cachedUntil, answer }: InlineSet): tl.messages.botResults {
    const cache_time = Math.max(0, cachedUntil - this.#deps.clock.now());
    return { ...answer, query_id: setId, cache_time, results: answer.results.map((result) => this.#fill(setId, result)) };
  }

  /** Adds what clients need to load the files. */
  #fill(setId: bigint, result: tl.BotInlineResult): tl.BotInlineResult {
    if (result._ !== 'botInlineMediaResult' || documentIdsOf(mediaOfResult(result)).length === 0) return result;
    const { filler } = this.#deps;
    const { photo, document } = result;
    return {
      ...result,
      photo: photo?._ === 'photo' ? filler.fillPhoto(photo, { kind: 'inline', setId }) : undefined,
      document: document?._ === 'document' ? filler.fillDocument(document, { kind: 'inline', setId }) : undefined,
    };
  }
}

/** The kind of the chat in which somebody writes, as the bot is told it. Pure. */
function kindOf(peer: ResolvedPeer, botId: bigint): tl.InlineQueryPeerType {
  if (peer.kind === 'chat') return { _: 'inlineQueryPeerTypeChat' };
  if (peer.kind === 'channel') return { _: peer.row.kind === 'broadcast' ? 'inlineQueryPeerTypeBroadcast' : 'inlineQueryPeerTypeMegagroup' };
  if (peer.userId === botId) return { _: 'inlineQueryPeerTypeSameBotPM' };
  return { _: peer.row.bot ? 'inlineQueryPeerTypeBotPM' : 'inlineQueryPeerTypePM' };
}

/** Degrees to which places are told apart in the cache, about a hundred metres. */
const PLACE_STEPS_PER_DEGREE = 1000;

/** Hash of what results depend on, except for the bot and the person. Pure. */
function cacheKeyOf({ query, geo, peer_type, offset }: tl.updateBotInlineQuery): Uint8Array {
  const place = geo?._ === 'geoPoint' ? [geo.lat, geo.long].map((degrees) => Math.round(degrees * PLACE_STEPS_PER_DEGREE)) : null;
  return sha256Of(Buffer.from(JSON.stringify([query, offset, peer_type?._ ?? null, place])));
}
