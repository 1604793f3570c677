import type { SetHead, SetMaker } from '@aerogram/domain';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { originOf } from '../origin.ts';

/** The caller, as somebody who makes sets. */
export async function makerOf(ctx: RpcContext): Promise<SetMaker> {
  const bot = ctx.caller.isBot ? await ctx.domain.users.findRow(ctx.userId) : undefined;
  return { makerId: ctx.userId, botUsername: ctx.caller.isBot ? (bot?.username ?? '') : undefined, origin: originOf(ctx) };
}

/** Answers with a set that the caller has changed. */
export async function answerSet(ctx: RpcContext, changed: Promise<SetHead>): Promise<tl.messages.stickerSet> {
  return ctx.domain.stickerSets.projectWhole(ctx.userId, await changed);
}
