import type { NewJob, Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { EffectHandler } from '../effects/index.ts';
import { type Boxes, type BoxWriter, MessageFlag, type MessageRow, packMessageExtra, peerMsgIdIn, type UnnumberedMessage, unpackMessageExtra } from '../events/index.ts';
import { noteAnswers } from '../moderation/index.ts';
import { findUserRows, otherBoxOf, type UserRow } from '../peers/index.ts';
import type { WebPages } from '../web-pages/index.ts';
import { ArrivalTerms } from './arrival-terms.ts';
import { orderPage } from './do-send-messages.ts';
import { type BoxedId, BoxedMessages } from './find-boxed.ts';
import { type MessageEffect, messageKind } from './message-effect.ts';
import { updateMessages } from './message-store.ts';
import type { MessagingDeps } from './messaging-deps.ts';
import type { Place } from './places.ts';
import { type Arriving, rebuildArriving } from './rebuild-arriving.ts';
import { findSendKeys, sendKeyOf } from './send-key-store.ts';

/** What {@link createMessageHandler} needs. */
type HandlerDeps = Pick<MessagingDeps, 'db' | 'clock' | 'homes' | 'users' | 'privacy' | 'sendLimits' | 'cards'> & Pick<BoxWriter, 'withBoxes'> & { webPages: WebPages };

/** How many messages are applied in one transaction. */
const AT_ONCE = 100;

const placeOf = ({ from, to }: MessageEffect): Place => ({ ownerId: to, peerId: from, isOwn: false });

/** Creates what applies the messages that people elsewhere send to people here. */
export function createMessageHandler(deps: HandlerDeps): EffectHandler<MessageEffect> {
  const rebuilt: Rebuilt = new WeakMap();
  return {
    kind: messageKind,
    atOnce: AT_ONCE,
    async prepare(effects) {
      const rows = await deps.users.findRows(new Set(effects.flatMap(({ from, to }) => [from, to])));
      await Promise.all(effects.map(async (effect) => {
        const isArriving = deps.homes?.dcOf(effect.to) === undefined;
        const [ownerId, otherId] = isArriving ? [effect.to, effect.from] : [effect.from, effect.to];
        const owner = rows.get(ownerId);
        if (!isReachable(owner) || otherBoxOf(otherId, ownerId) === undefined) return;
        if (effect.isRenumbered) return void rebuilt.set(effect, undefined);
        // A card comes before the first message, but a restored server may have lost it.
        if (!rows.has(otherId)) await deps.cards?.fetch({ id: ownerId, bot: owner.bot }, [{ id: otherId }], 'card');
        // Whoever has got a message reads the card, which is to follow what changes from now on.
        if (!isArriving) await deps.cards?.introduce(ownerId, otherId);
        if (isArriving && owner.bot) await deps.sendLimits.noteArriving(otherId, owner);
        rebuilt.set(effect, await rebuildArriving(deps, effect, ownerId));
      }));
    },
    apply: (tx, _dc, effects) => applyMessages(deps, tx, effects, rebuilt),
    restore: (tx, dc, effects) => restoreMessages(deps, tx, { dc, effects }, rebuilt),
  };
}

/** What was prepared for people here who have a box; undefined for a message that is there already and only gets another id. */
type Rebuilt = WeakMap<MessageEffect, Arriving | undefined>;

async function applyMessages(deps: HandlerDeps, tx: Tx, effects: readonly MessageEffect[], rebuilt: Rebuilt): Promise<void> {
  const due = effects.filter((effect) => rebuilt.has(effect));
  if (due.length === 0) return;
  const read = (): Promise<[PeopleRows, BoxedMessages, ArrivalTerms, void]> =>
    Promise.all([
      findEnds(tx, due),
      BoxedMessages.find(tx, namedBy(due, ({ to }) => to)),
      ArrivalTerms.find(tx, { places: due.map(placeOf), authorIds: due.map(({ from }) => from), nowDate: deps.clock.now() }),
      noteAnswers(tx, due.filter(({ isRenumbered }) => isRenumbered === undefined).map(placeOf)),
    ]);
  await deps.withBoxes(tx, due.map(({ to }) => to), async (boxes, date, [people, known, terms]) => {
    const jobs: NewJob[] = [];
    const renumbered: MessageRow[] = [];
    for (const effect of due) {
      if (!isStillThere(people, effect.to, effect.from)) continue;
      const earlier = known.get(effect.to, effect.globalId);
      if (earlier !== undefined) renumbered.push(...renumber(earlier, effect));
      const content = rebuilt.get(effect);
      if (earlier !== undefined || content === undefined || terms.isBlocked(placeOf(effect))) continue;
      const row = addArriving({ boxes, date, terms }, known, effect, content);
      known.add(row);
      if (content.pending) jobs.push(orderPage(deps.webPages, content.pending, row));
    }
    if (renumbered.length > 0) await updateMessages(tx, renumbered);
    await terms.settle(tx, boxes, date);
    for (const job of jobs) await tx.job(job);
  }, read);
}

/** The messages of which effects speak, in the boxes of these owners. */
function namedBy(effects: readonly MessageEffect[], ownerOf: (effect: MessageEffect) => bigint): BoxedId[] {
  return effects.flatMap((effect) => {
    const ownerId = ownerOf(effect);
    return [effect.globalId, ...(effect.answered === undefined ? [] : [effect.answered])].map((globalId) => ({ ownerId, globalId }));
  });
}

/** The open boxes in which messages arrive. */
interface Arrival {
  boxes: Boxes;
  date: number;
  terms: ArrivalTerms;
}

/** Adds the receiver's copy of a message. */
function addArriving({ boxes, date, terms }: Arrival, known: BoxedMessages, effect: MessageEffect, content: Arriving): MessageRow {
  const place = placeOf(effect);
  const { replyTo, header } = replyOf(known, effect, place, content);
  return boxes.addMessage(place.ownerId, {
    ...contentOf(effect, content),
    peer_id: effect.from,
    date: Math.min(effect.date, date),
    flags: effect.flags,
    reply_to_msg_id: replyTo,
    extra: packMessageExtra({ ...content.extra, replyTo: header, peerMsgId: effect.msgId }),
    ttl_period: terms.arrive(place, effect.from),
  }, undefined);
}

/** What both copies of a message have. */
function contentOf({ globalId, from }: MessageEffect, { text }: Arriving): Pick<UnnumberedMessage, 'global_id' | 'from_id' | 'saved_peer_id' | 'edit_date' | 'text'> {
  return { global_id: globalId, from_id: from, saved_peer_id: null, edit_date: null, text };
}

/** The message of the dialog to which a message replies, if its owner still has it; and the rest of the reply header. A quote stays only if it stands there. */
function replyOf(known: BoxedMessages, { answered }: MessageEffect, { ownerId, peerId }: Pick<Place, 'ownerId' | 'peerId'>, { extra, quote }: Arriving): { replyTo: number | null; header: tl.messageReplyHeader | undefined } {
  if (answered === undefined) return { replyTo: null, header: extra.replyTo };
  const target = known.get(ownerId, answered);
  if (target?.peer_id !== peerId) return { replyTo: null, header: undefined };
  return { replyTo: target.msg_id, header: quote !== undefined && target.text.includes(quote.quote_text!) ? quote : undefined };
}

/** A copy that came before, with the id that the sender's copy has now; empty if it has that. */
function renumber(row: MessageRow, { from, msgId }: MessageEffect): MessageRow[] {
  if (row.peer_id !== from || row.from_id !== from || peerMsgIdIn(row.extra) === msgId) return [];
  return [{ ...row, extra: packMessageExtra({ ...unpackMessageExtra(row.extra), peerMsgId: msgId }) }];
}

/** Tells the home of the receiver which id the sender's copy has now. */
function renumbering(effect: MessageEffect, msgId: number): MessageEffect {
  return { ...effect, msgId, isRenumbered: true };
}

/** Writes again, in the boxes of their senders here, messages that this server has lost and another returns. What a restart or a repeated send has brought back is left out. */
async function restoreMessages(deps: HandlerDeps, tx: Tx, { dc, effects }: { dc: number; effects: readonly MessageEffect[] }, rebuilt: Rebuilt): Promise<void> {
  const prepared = effects.filter((effect) => rebuilt.get(effect) !== undefined);
  const people = await findEnds(tx, prepared);
  const due = prepared.filter(({ from, to }) => isStillThere(people, from, to));
  if (due.length === 0) return;
  const read = (): Promise<[BoxedMessages, Awaited<ReturnType<typeof findSendKeys>>]> =>
    Promise.all([
      BoxedMessages.find(tx, namedBy(due, ({ from }) => from)),
      findSendKeys(tx, due.map(({ from, randomId }) => ({ owner: from, randomId }))),
    ]);
  await deps.withBoxes(tx, due.map(({ from }) => from), async (boxes, date, [known, keys]) => {
    for (const effect of due) {
      if (known.get(effect.from, effect.globalId) !== undefined || keys.has(sendKeyOf(effect.from, effect.randomId))) continue;
      const content = rebuilt.get(effect)!;
      const { replyTo, header } = replyOf(known, effect, { ownerId: effect.from, peerId: effect.to }, content);
      const row = boxes.addMessage(effect.from, {
        ...contentOf(effect, content),
        peer_id: effect.to,
        date: Math.min(effect.date, date),
        flags: effect.flags | MessageFlag.out,
        reply_to_msg_id: replyTo,
        extra: packMessageExtra({ ...content.extra, replyTo: header }),
      }, undefined);
      known.add(row);
      boxes.noteSent(effect.randomId, row);
      if (content.pending) await tx.job(orderPage(deps.webPages, content.pending, row));
      if (row.msg_id !== effect.msgId) boxes.tell(dc, renumbering(effect, row.msg_id));
    }
  }, read);
}

/** The rows of those who have a copy of messages, by their ids. */
type PeopleRows = Awaited<ReturnType<typeof findUserRows>>;

const findEnds = (tx: Tx, effects: readonly MessageEffect[]): Promise<PeopleRows> => findUserRows(tx, [...new Set(effects.flatMap(({ from, to }) => [from, to]))]);

/**
 * Whether the owner of a box, for whom a copy of a message was prepared, is still there.
 * @throws Error if the other one is not known here: their card comes before their first message
 */
function isStillThere(people: PeopleRows, ownerId: bigint, otherId: bigint): boolean {
  if (!people.has(otherId)) throw new Error(`the user ${otherId} of another data centre is not known`);
  return isReachable(people.get(ownerId));
}

const isReachable = (row: UserRow | undefined): row is UserRow => row !== undefined && !row.deleted;
