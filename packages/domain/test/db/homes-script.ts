import type { Random } from '@aerogram/runtime';

import type { ResolvedUser } from '../../src/access/resolved-peer.ts';
import { unpackMessageExtra } from '../../src/events/message-extra.ts';
import { MessageFlag, type MessageRow } from '../../src/events/message-row.ts';
import { listReactions } from '../../src/messages/index.ts';
import { errorOf, type World } from './accounts-world.ts';

/** Which of the two people acts. */
export type Who = 0 | 1;

/** An act of a script. Messages are named by the number of the act that sent them. */
export type Act = { who: Who } & (
  | { do: 'send'; text: string; reply: number | undefined; silent: boolean }
  | { do: 'edit'; of: number; text: string }
  | { do: 'delete'; of: number; revoke: boolean }
  | { do: 'read'; of: number }
  | { do: 'react'; of: number; emoticons: string[] }
  | { do: 'clear'; upTo: number; revoke: boolean }
  | { do: 'block'; blocked: boolean }
);

/** Two people at their homes, which may be the same one. */
export interface Pair {
  worlds: readonly [World, World];
  ids: readonly [bigint, bigint];
  /** The global_ids of the messages that were sent, by the number of their act. */
  sent: Map<number, bigint>;
}

const EMOTICONS = ['👍', '🔥', '🎉', '👎'];

/** A number from 0 to `end` - 1. */
export const below = (random: Random, end: number): number => random.uint31() % end;

const rowsOf = ({ worlds, ids }: Pair, who: Who): Promise<MessageRow[]> =>
  worlds[who].db.q.selectFrom('messages').selectAll().where('owner_id', '=', ids[who]).where('peer_id', '=', ids[who === 0 ? 1 : 0]).orderBy('msg_id').execute();

/** Chooses what somebody does next with the messages that they have. Acts that another one must not overtake are few. */
export async function chooseAct(pair: Pair, random: Random, number: number): Promise<Act> {
  const who: Who = below(random, 2) === 0 ? 0 : 1;
  const acts = new Map([...pair.sent].map(([act, globalId]) => [globalId, act]));
  const rows = (await rowsOf(pair, who)).filter((row) => acts.has(row.global_id));
  const pick = (from: readonly MessageRow[]): number | undefined => (from.length === 0 ? undefined : acts.get(from[below(random, from.length)]!.global_id));
  const own = pick(rows.filter((row) => (row.flags & MessageFlag.out) !== 0));
  const incoming = pick(rows.filter((row) => (row.flags & MessageFlag.out) === 0));
  const any = pick(rows);
  const text = `${number} by ${who}`;
  const die = below(random, 100);
  if (die < 14 && own !== undefined) return { who, do: 'edit', of: own, text: `${text}, edited` };
  if (die < 24 && any !== undefined) return { who, do: 'delete', of: any, revoke: below(random, 3) > 0 };
  if (die < 40 && incoming !== undefined) return { who, do: 'read', of: incoming };
  if (die < 58 && any !== undefined) return { who, do: 'react', of: any, emoticons: EMOTICONS.filter(() => below(random, 3) === 0) };
  if (die < 60 && any !== undefined) return { who, do: 'clear', upTo: any, revoke: below(random, 2) === 0 };
  if (die < 64) return { who, do: 'block', blocked: below(random, 2) === 0 };
  return { who, do: 'send', text, reply: below(random, 3) === 0 ? any : undefined, silent: below(random, 4) === 0 };
}

/** Whether what the other did must have arrived before an act: who comes first decides what becomes of it. */
export function needsCarry(act: Act): boolean {
  return act.do === 'block' || act.do === 'clear';
}

/** Plays an act. @returns the error of a refused one; acts on messages that are not there any more are left out */
export async function play(pair: Pair, act: Act, number: number): Promise<string> {
  const { worlds, ids, sent } = pair;
  const [ownerId, peerId] = [ids[act.who], ids[act.who === 0 ? 1 : 0]];
  const { domain } = worlds[act.who];
  const peer = async (): Promise<ResolvedUser> => ({ kind: 'user', userId: peerId, peerId, isSelf: false, row: (await domain.users.findRow(peerId))! });
  const idOf = async (of: number): Promise<number> => (await rowsOf(pair, act.who)).find((row) => row.global_id === sent.get(of))?.msg_id ?? 0;
  const origin = undefined;
  switch (act.do) {
    case 'send': {
      const msgId = act.reply === undefined ? 0 : await idOf(act.reply);
      const message = { senderId: ownerId, randomId: BigInt(number + 1), text: { text: act.text, entities: [{ _: 'messageEntityBold' as const, offset: 0, length: 1 }] }, silent: act.silent, noforwards: false, noWebpage: true, invertMedia: false, origin };
      return errorOf(peer().then((to) => domain.messages.doSendText(to, { ...message, ...(msgId > 0 && { reply: { msgId, quote: undefined } }) })).then((row) => sent.set(number, row.global_id)));
    }
    case 'edit': {
      const msgId = await idOf(act.of);
      return errorOf(peer().then((to) => domain.messages.doEdit(to, { ownerId, msgId, text: { text: act.text, entities: [] }, noWebpage: true, invertMedia: false, origin })));
    }
    case 'delete':
      return errorOf(domain.messages.doDelete({ ownerId, msgIds: [await idOf(act.of)], revoke: act.revoke, origin }));
    case 'read': {
      const maxId = await idOf(act.of);
      return maxId === 0 ? 'no error' : errorOf(domain.messages.doReadHistory({ ownerId, peerId, maxId, origin }));
    }
    case 'react': {
      const msgId = await idOf(act.of);
      const reactions = act.emoticons.slice(0, 3).map((emoticon) => ({ _: 'reactionEmoji' as const, emoticon }));
      return errorOf(peer().then((to) => domain.reactions.doReact(to, { ownerId, msgId, reactions, big: false, addsToRecent: false, origin })));
    }
    case 'clear': {
      const maxId = await idOf(act.upTo);
      return maxId === 0 ? 'no error' : errorOf(domain.messages.doDeleteHistory({ ownerId, peerId, maxId, minDate: 0, maxDate: 0, justClear: false, revoke: act.revoke, origin }));
    }
    case 'block':
      return errorOf(domain.blocks.doBlock(ownerId, peerId, { storiesOnly: false, blocked: act.blocked }, origin));
  }
}

const COMPARED_FLAGS = MessageFlag.out | MessageFlag.silent | MessageFlag.noforwards | MessageFlag.noWebpage | MessageFlag.editHide | MessageFlag.invertMedia | MessageFlag.unreadReactions;

/** All that must be the same in one home and in two: the dialog of one person, with messages named by the acts that sent them. */
export async function describeBox(pair: Pair, who: Who): Promise<unknown> {
  const rows = await rowsOf(pair, who);
  const acts = new Map([...pair.sent].map(([act, globalId]) => [globalId, act]));
  const actOf = (msgId: number | null): number | undefined => acts.get(rows.find((row) => row.msg_id === msgId)?.global_id ?? 0n);
  const nameOf = (userId: bigint): number => pair.ids.indexOf(userId);
  const dialog = await pair.worlds[who].db.q.selectFrom('dialogs').selectAll().where('owner_id', '=', pair.ids[who]).where('peer_id', '=', pair.ids[who === 0 ? 1 : 0]).executeTakeFirst();
  const messages = rows.map((row) => {
    const { entities, reactions = [] } = unpackMessageExtra(row.extra);
    const isOut = (row.flags & MessageFlag.out) !== 0;
    return {
      act: acts.get(row.global_id),
      from: nameOf(row.from_id),
      text: row.text,
      entities,
      date: row.date,
      editDate: row.edit_date,
      flags: row.flags & COMPARED_FLAGS,
      reply: actOf(row.reply_to_msg_id),
      reactions: listReactions(pair.ids[who], reactions).map((one) => `${nameOf((one.peer_id as { user_id: bigint }).user_id)} ${(one.reaction as { emoticon: string }).emoticon} ${one.date} ${one.unread === true}`).sort(),
      isRead: row.msg_id <= ((isOut ? dialog?.read_outbox_max_id : dialog?.read_inbox_max_id) ?? 0),
    };
  });
  return { messages: messages.sort((a, b) => (a.act ?? -1) - (b.act ?? -1)), count: dialog?.msg_count ?? 0, unread: dialog?.unread_count ?? 0 };
}
