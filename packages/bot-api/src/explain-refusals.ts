import { CHANNEL_OFFSET, markPeer } from '@aerogram/cluster';
import { type Domain, isChatRow, standingIn } from '@aerogram/domain';
import { RpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { Invoke } from './bot-call.ts';
import { BotError, badRequest } from './bot-error.ts';
import { isMet, type MeetingBot } from './chats/met-people.ts';

/** What the server answers for a chat that the bot cannot use. Programs want to know why: whether it was removed, say, or the group has become a supergroup. */
const REFUSALS: ReadonlySet<string> = new Set(['CHANNEL_INVALID', 'CHANNEL_PRIVATE', 'CHAT_FORBIDDEN', 'CHAT_ID_INVALID', 'CHAT_WRITE_FORBIDDEN', 'PEER_ID_INVALID']);
/** What it answers only for a channel that the bot may know of. */
const KNOWN_CHANNEL: ReadonlySet<string> = new Set(['CHANNEL_PRIVATE', 'CHAT_WRITE_FORBIDDEN']);

/** The bot whose calls are explained. */
export interface ExplainedBot {
  botId: bigint;
  domain: { chats: Pick<Domain['chats'], 'findRow' | 'findMember'> };
  clock: Pick<Clock, 'now'>;
}

/** The bot, and what says why it cannot write to a person. */
export interface ExplainedSender extends ExplainedBot {
  domain: ExplainedBot['domain'] & MeetingBot['domain'] & { users: Pick<Domain['users'], 'findRow'>; botRows: Pick<Domain['botRows'], 'mayWriteTo'>; homes?: Pick<NonNullable<Domain['homes']>, 'dcOf'> | undefined };
}

/**
 * Wraps what calls methods, so that a call for a chat that the bot cannot use says why, as far as the bot's own membership is concerned, or that a person has not written to the bot,
 * or lives in another data centre, to which only some things travel.
 * Nothing is read for calls that succeed, and a chat that the bot has never been in, or a person of no chat of the bot, stays one that is not found.
 */
export function explainRefusals(bot: ExplainedSender, invoke: Invoke): Invoke {
  return async (request) => {
    try {
      return await invoke(request);
    } catch (error) {
      if (!(error instanceof RpcError) || !REFUSALS.has(error.entry)) throw error;
      for (const peerId of chatsOf(request)) {
        const explained = await (peerId > 0n ? explainStranger(bot, peerId) : explainMembership(bot, peerId, KNOWN_CHANNEL.has(error.entry)));
        if (explained !== undefined) throw explained;
      }
      throw error;
    }
  };
}

/**
 * Why a bot cannot use a group or channel; undefined if it is a member, or was never in it.
 * @param peerId marked
 * @param isKnown whether the bot may know of a channel that it was never in
 */
export async function explainMembership({ botId, domain: { chats }, clock }: ExplainedBot, peerId: bigint, isKnown: boolean): Promise<BotError | undefined> {
  const [row, member] = await Promise.all([chats.findRow(peerId), chats.findMember(peerId, botId)]);
  if (row === undefined || (member === undefined && (isChatRow(row) || !isKnown))) return undefined;
  const { status, closed } = standingIn(row, member, clock.now());
  if (isChatRow(row) && row.migrated_to !== null) {
    return new BotError(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: Number(-CHANNEL_OFFSET - row.migrated_to) });
  }
  if (isChatRow(row) && closed) return new BotError(403, 'Forbidden: the group chat was deleted');
  const kind = isChatRow(row) ? 'group' : row.kind === 'broadcast' ? 'channel' : 'supergroup';
  // A channel that was deleted looks as if everybody had been removed from it.
  if (status === 'banned' || closed) return new BotError(403, `Forbidden: bot was kicked from the ${kind} chat`);
  return status === 'left' ? new BotError(403, `Forbidden: bot is not a member of the ${kind} chat`) : undefined;
}

/** Why a bot cannot write to somebody whom it has met, or cannot do something with somebody elsewhere; undefined if it may, or knows nobody with this id. */
async function explainStranger(bot: ExplainedSender, userId: bigint): Promise<BotError | undefined> {
  const { botId, domain: { users, botRows, homes } } = bot;
  if (await botRows.mayWriteTo(botId, userId)) return homes?.dcOf(userId) === undefined ? undefined : badRequest('the method is not available for users of other data centres');
  if (!(await isMet(bot, userId))) return undefined;
  const row = await users.findRow(userId);
  if (row === undefined || row.deleted) return undefined;
  return new BotError(403, row.bot ? "Forbidden: bot can't send messages to bots" : "Forbidden: bot can't initiate conversation with a user");
}

/** The marked ids of the people, groups and channels that a request names. */
function chatsOf(request: tl.AnyMethod): bigint[] {
  const { peer, to_peer: to, from_peer: from, channel, chat_id: chatId } = request as Partial<Record<'peer' | 'to_peer' | 'from_peer', tl.InputPeer>> & { channel?: tl.InputChannel; chat_id?: unknown };
  // The chat of a menu button.
  if (request._ === 'bots.setBotMenuButton' || request._ === 'bots.getBotMenuButton') return request.user_id._ === 'inputUser' ? [request.user_id.user_id] : [];
  const named = [to, peer, channel, from].flatMap((one) => {
    if (one?._ === 'inputPeerUser') return [one.user_id];
    if (one?._ === 'inputPeerChat') return [markPeer({ _: 'peerChat', chat_id: one.chat_id })];
    return one?._ === 'inputPeerChannel' || one?._ === 'inputChannel' ? [markPeer({ _: 'peerChannel', channel_id: one.channel_id })] : [];
  });
  return typeof chatId === 'bigint' ? [...named, markPeer({ _: 'peerChat', chat_id: chatId })] : named;
}
