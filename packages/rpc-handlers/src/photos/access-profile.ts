import type { ProfileEditor } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessOwnBot } from '../bots/access-own-bot.ts';
import { originOf } from '../origin.ts';

/** Which profile a request is about. */
interface ProfileInput {
  /** A bot of the caller. Absent: the caller, which a bot may also name here. */
  bot?: tl.InputUser | undefined;
  fallback?: boolean | undefined;
}

/**
 * The profile whose photo a request changes: the caller's, or that of a bot of the caller.
 * @throws RpcError 400 BOT_INVALID, BOT_FALLBACK_UNSUPPORTED (everybody sees the photo of a bot, so it has none for those who may not), and as {@link accessOwnBot}
 */
export async function accessProfile(ctx: RpcContext, { bot, fallback }: ProfileInput): Promise<ProfileEditor> {
  const { userId: actorId, caller } = ctx;
  if (fallback === true && (caller.isBot || bot !== undefined)) throw rpcError('BOT_FALLBACK_UNSUPPORTED');
  const own = { userId: actorId, actorId, origin: originOf(ctx) };
  if (bot === undefined) return own;
  if (!caller.isBot) return { ...own, userId: (await accessOwnBot(ctx, bot)).user_id };
  if ((await ctx.domain.peers.accessInputUser(actorId, bot)).user_id !== actorId) throw rpcError('BOT_INVALID');
  return own;
}
