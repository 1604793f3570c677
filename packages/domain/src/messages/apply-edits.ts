import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { EffectHandler } from '../effects/index.ts';
import { type BoxWriter, hasFlag, MessageFlag, type MessageRow, type OpenBoxes, unpackMessageExtra } from '../events/index.ts';
import { changeMessageFiles } from '../documents/index.ts';
import type { PendingPage, WebPages } from '../web-pages/index.ts';
import { applyToBoxes } from './dialog-effects.ts';
import { applyEdit, type ContentEdit, isSameContent, waitsFor } from './do-edit-message.ts';
import { orderPage } from './do-send-messages.ts';
import { type EditEffect, editKind } from './edit-effect.ts';
import { editMedia } from './edit-media.ts';
import { isBarred } from './find-barrier.ts';
import { findCopies } from './find-messages.ts';
import { updateMessages } from './message-store.ts';
import { type RebuildDeps, rebuildArriving, rebuildKeyboard } from './rebuild-arriving.ts';

/** How many edits are applied together. */
const AT_ONCE = 20;

/** What {@link createEditHandler} needs. */
type HandlerDeps = Omit<RebuildDeps, 'webPages'> & Pick<BoxWriter, 'withBoxes'> & { random: Random; webPages: WebPages };

/** An edit as if a client here had sent it. */
interface Rebuilt {
  edit: ContentEdit;
  /** The preview after it; undefined if the text stays. */
  preview: { media?: tl.messageMediaWebPage; pending?: PendingPage | undefined } | undefined;
}

async function rebuildEdit(deps: HandlerDeps, effect: EditEffect, ownerId: bigint): Promise<Rebuilt> {
  const { from, to, text, extra, setsMarkup, noWebpage, invertMedia } = effect;
  const replyMarkup = setsMarkup ? ((await rebuildKeyboard(deps, from, unpackMessageExtra(extra ?? null).replyMarkup)) ?? null) : undefined;
  const edit: ContentEdit = { noWebpage, invertMedia, ...(replyMarkup !== undefined && { replyMarkup }) };
  if (text === undefined) return { edit, preview: undefined };
  const flags = noWebpage ? MessageFlag.noWebpage : 0;
  const arriving = await rebuildArriving(deps, { from, to, text, extra, flags }, ownerId);
  const media = arriving.extra.media?._ === 'messageMediaWebPage' ? arriving.extra.media : undefined;
  return { edit: { ...edit, text: { text: arriving.text, entities: arriving.extra.entities ?? [] } }, preview: { ...(media && { media }), pending: arriving.pending } };
}

/** The copy of a message that somebody wrote in the dialog with the other, if that one may edit it. */
async function findEdited({ tx }: OpenBoxes, { from, globalId }: EditEffect, { ownerId, peerId }: { ownerId: bigint; peerId: bigint }): Promise<MessageRow | undefined> {
  const copies = await findCopies(tx.q, [ownerId], [globalId]);
  return copies.find((row) => row.peer_id === peerId && row.from_id === from && !hasFlag(row, MessageFlag.service) && unpackMessageExtra(row.extra).fwdFrom === undefined);
}

/** Creates the handler of edits. Returned to its author's home, an edit is made again there, unless the message was edited later. */
export function createEditHandler(deps: HandlerDeps): EffectHandler<EditEffect> {
  const rebuilt = new WeakMap<EditEffect, Rebuilt>();

  const write = async ({ tx, boxes, date }: OpenBoxes, row: MessageRow, effect: EditEffect): Promise<void> => {
    const { edit, preview } = rebuilt.get(effect)!;
    const editDate = Math.min(effect.date, date);
    const media = editMedia(deps.random, unpackMessageExtra(row.extra).media, { edit: undefined, preview, isGrouped: false }, { sentDate: row.date, nowDate: date });
    const edited = applyEdit(row, edit, media, editDate);
    if (isSameContent(edited, row)) return;
    await updateMessages(tx, [edited]);
    await changeMessageFiles({ tx, boxes }, [{ before: row, after: edited }]);
    boxes.addEdit(row.owner_id, edited, date, undefined);
    if (preview?.pending && waitsFor(media, preview.pending.pageId)) await tx.job(orderPage(deps.webPages, preview.pending, edited));
  };

  return {
    kind: editKind,
    atOnce: AT_ONCE,
    async prepare(effects) {
      await Promise.all(effects.map(async (effect) => {
        rebuilt.set(effect, await rebuildEdit(deps, effect, deps.homes?.dcOf(effect.to) === undefined ? effect.to : effect.from));
      }));
    },
    apply: (tx, _dc, effects) =>
      applyToBoxes(deps, tx, { effects }, async (open, effect) => {
        const row = await findEdited(open, effect, { ownerId: effect.to, peerId: effect.from });
        if (row !== undefined && !(await isBarred(tx, effect))) await write(open, row, effect);
      }),
    restore: (tx, _dc, effects) =>
      applyToBoxes(deps, tx, { effects, side: 'from' }, async (open, effect) => {
        const row = await findEdited(open, effect, { ownerId: effect.from, peerId: effect.to });
        if (row !== undefined && (row.edit_date ?? 0) <= effect.date) await write(open, row, effect);
      }),
  };
}
