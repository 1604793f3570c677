import { isMarkedChat } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Clock, Random } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { isPlayedMedia } from '../content/index.ts';
import { hasFlag, MessageFlag, type MessageRow, type Origin, packMessageExtra, unpackMessageExtra } from '../events/index.ts';
import { changeMessageFiles } from '../documents/index.ts';
import type { Polls } from '../polls/index.ts';
import { findAwaited, findFirstUrl, type Preview, type WebPages } from '../web-pages/index.ts';
import { allowedInChat } from './allowed-preview.ts';
import type { FormattedText } from './check-text.ts';
import { orderPage } from './do-send-messages.ts';
import { editMedia, finishEdit, isFileMedia, isStateEdit, type MediaEdit } from './edit-media.ts';
import { findCopies, findMessage } from './find-messages.ts';
import { updateMessages } from './message-store.ts';
import { tellEdit } from './edit-effect.ts';
import { type DialogDeps, othersOf, writeDialog } from './places.ts';
import { hasPassingMedia } from './passing-media.ts';

/** Time limit for editing a message in seconds; sent to clients in help.getConfig (`edit_time_limit`). */
export const EDIT_TIME_LIMIT_S = 48 * 3600;

export interface MessageEdit {
  ownerId: bigint;
  /** Marked peer of the dialog. */
  peerId: bigint;
  msgId: number;
  /** Absent if the text stays unchanged. */
  text?: FormattedText;
  /** Absent if the media stay unchanged, except that a link preview follows the text. */
  media?: MediaEdit;
  /** The keyboard after the edit; null: none. Absent if it stays unchanged, as with the messages of people. */
  replyMarkup?: tl.ReplyMarkup | null;
  /** The bot via which the message was sent, and which edits it; undefined if its author does. */
  viaBotId?: bigint;
  noWebpage: boolean;
  invertMedia: boolean;
  origin: Origin | undefined;
}

/** The owner's copy before and after the edit, and the pts of the event. */
export interface EditOutcome {
  row: MessageRow;
  before: MessageRow;
  pts: number;
}

export interface EditDeps extends DialogDeps {
  db: Database;
  clock: Clock;
  random: Random;
  webPages: WebPages;
  polls: Pick<Polls, 'closeIn'>;
}

/**
 * Edits a message that the owner wrote, in every box that still has it. If one of two users has blocked the other, only in the owner's box.
 * @throws RpcError CHAT_SEND_MEDIA_FORBIDDEN (media to somebody elsewhere), USER_IS_BLOCKED (to bots), MESSAGE_ID_INVALID, MESSAGE_AUTHOR_REQUIRED, MESSAGE_EDIT_TIME_EXPIRED (48 h; no limit in Saved Messages, for the end of a poll, and a
 * live location can be edited as long as it is shared), MESSAGE_NOT_MODIFIED, MEDIA_PREV_INVALID (media with a lifetime), and the errors of {@link editMedia}
 */
export async function doEditMessage(deps: EditDeps, edit: MessageEdit): Promise<EditOutcome> {
  const { ownerId, origin } = edit;
  if (deps.homes?.dcOf(edit.peerId) !== undefined && edit.media !== undefined && edit.media._ !== 'messageMediaWebPage') throw rpcError('CHAT_SEND_MEDIA_FORBIDDEN');
  const found = await findEditPreview(deps.webPages, edit);
  return writeDialog(deps, { name: 'edit-message', nameInGroup: 'edit-group-message', action: 'send_plain', refusals: ['USER_IS_BLOCKED'], elsewhere: 'told' }, edit, async ({ tx, boxes, date, places, elsewhere }) => {
    const own = await findMessage(tx.q, ownerId, edit.msgId);
    checkEditable(own, edit, date);
    const preview = isMarkedChat(edit.peerId) ? await allowedInChat(tx, { ...edit, preview: found }, date) : found;
    const { media: before, groupedId } = unpackMessageExtra(own.extra);
    const media = editMedia(deps.random, before, { edit: edit.media, preview, isGrouped: groupedId !== undefined }, { sentDate: own.date, nowDate: date });
    const row = applyEdit(own, edit, media, date);
    if (isSameContent(row, own)) throw rpcError('MESSAGE_NOT_MODIFIED');
    const copies = await findCopies(tx.q, othersOf(places), [own.global_id]);
    const edited = copies.map((copy) => applyEdit(copy, edit, media, date));
    await updateMessages(tx, [row, ...edited]);
    await changeMessageFiles({ tx, boxes }, [{ before: own, after: row }, ...edited.map((after, index) => ({ before: copies[index]!, after }))]);
    await finishEdit(tx, edit.media, media, { polls: deps.polls, actorId: ownerId });
    const pts = boxes.addEdit(ownerId, row, date, origin);
    for (const copy of edited) boxes.addEdit(copy.owner_id, copy, date, undefined);
    if (elsewhere !== undefined) tellEdit(boxes, elsewhere, row, edit);
    if (preview?.pending && waitsFor(media, preview.pending.pageId)) await tx.job(orderPage(deps.webPages, preview.pending, row));
    return { row, before: own, pts };
  });
}

/** The preview that the message will have after the edit; undefined when the edit changes neither the text nor the preview. */
export async function findEditPreview(
  webPages: WebPages,
  { ownerId, text, media, noWebpage }: Pick<MessageEdit, 'ownerId' | 'text' | 'media' | 'noWebpage'>,
): Promise<Preview | undefined> {
  if (isFileMedia(media)) return undefined;
  if (media?._ === 'messageMediaWebPage') {
    const awaited = findAwaited(media);
    return awaited ? webPages.findPreview(ownerId, awaited.url, awaited.style) : { media };
  }
  if (text === undefined) return undefined;
  const url = noWebpage ? undefined : findFirstUrl(text.text, text.entities);
  return url === undefined ? {} : webPages.findPreview(ownerId, url, {});
}

/** Whether media wait for a page that is being fetched. Pure. */
export function waitsFor(media: tl.MessageMedia | undefined, pageId: bigint): boolean {
  return media?._ === 'messageMediaWebPage' && media.webpage._ === 'webPagePending' && media.webpage.id === pageId;
}

/**
 * Returns the message if its owner may edit it now.
 * @throws RpcError as {@link doEditMessage}
 */
export async function accessEditable(
  deps: Pick<EditDeps, 'db' | 'clock'>,
  edited: Pick<MessageEdit, 'ownerId' | 'peerId' | 'msgId'>,
): Promise<MessageRow> {
  const own = await findMessage(deps.db.q, edited.ownerId, edited.msgId);
  checkEditable(own, edited, deps.clock.now());
  return own;
}

function checkEditable(own: MessageRow | undefined, edit: Pick<MessageEdit, 'ownerId' | 'peerId' | 'media' | 'replyMarkup' | 'viaBotId'>, date: number): asserts own is MessageRow {
  if (own === undefined || own.peer_id !== edit.peerId || hasFlag(own, MessageFlag.service)) {
    throw rpcError('MESSAGE_ID_INVALID');
  }
  const { fwdFrom, viaBotId } = unpackMessageExtra(own.extra);
  // What a bot says is not for its sender to change.
  if (own.from_id !== edit.ownerId || fwdFrom !== undefined || viaBotId !== edit.viaBotId) throw rpcError('MESSAGE_AUTHOR_REQUIRED');
  if (hasPassingMedia(own)) throw rpcError('MEDIA_PREV_INVALID');
  // Bots may edit at any time.
  if (isStateEdit(edit.media) || edit.replyMarkup !== undefined) return;
  if (edit.peerId !== edit.ownerId && date - own.date > EDIT_TIME_LIMIT_S) throw rpcError('MESSAGE_EDIT_TIME_EXPIRED');
}

/** What an edit says about the content of a message. */
export type ContentEdit = Pick<MessageEdit, 'text' | 'media' | 'replyMarkup' | 'viaBotId' | 'noWebpage' | 'invertMedia'>;

/** The row after an edit. @param media the media after the edit @param date unix seconds */
export function applyEdit<R extends MessageRow>(row: R, edit: ContentEdit, media: tl.MessageMedia | undefined, date: number): R {
  const { replyMarkup: markupBefore, ...extra } = unpackMessageExtra(row.extra);
  // A keyboard in place of the keys belongs to the chat from then on, not to the message.
  const isKept = edit.replyMarkup === undefined || (markupBefore !== undefined && markupBefore._ !== 'replyInlineMarkup');
  const replyMarkup = isKept ? markupBefore : (edit.replyMarkup ?? undefined);
  if (edit.text === undefined && (edit.media === undefined || isStateEdit(edit.media))) {
    // A live location is edited with every move, and a keyboard with every press, so clients must not show the message as "edited".
    return { ...row, flags: row.flags | MessageFlag.editHide, extra: packMessageExtra({ ...extra, media, replyMarkup }), edit_date: date };
  }
  const set = (edit.noWebpage ? MessageFlag.noWebpage : 0) | (edit.invertMedia ? MessageFlag.invertMedia : 0);
  const { text, entities } = edit.text ?? { text: row.text, entities: extra.entities ?? [] };
  // What is edited to something that nobody plays is not unplayed any more.
  const lost = isPlayedMedia(extra.media) && !isPlayedMedia(media) && !hasFlag(row, MessageFlag.mentioned) ? MessageFlag.mediaUnread : 0;
  return {
    ...row,
    text,
    flags: (row.flags & ~(MessageFlag.noWebpage | MessageFlag.invertMedia | MessageFlag.editHide | lost)) | set,
    extra: packMessageExtra({ ...extra, entities: entities.length > 0 ? entities : undefined, media, replyMarkup }),
    edit_date: date,
  };
}

/** Whether an edit changes nothing that is shown. */
export function isSameContent(a: MessageRow, b: MessageRow): boolean {
  return a.text === b.text && isSameLook(a, b) && sameBytes(a.extra, b.extra);
}

/** Whether an edit leaves the flags unchanged, apart from `editHide`. */
function isSameLook(a: MessageRow, b: MessageRow): boolean {
  return (a.flags | MessageFlag.editHide) === (b.flags | MessageFlag.editHide);
}

function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0;
}
