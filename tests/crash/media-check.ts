import type { RawAccount } from '@aerogram/dev-env/load';
import type { tl } from '@aerogram/tl';
import { readHistory } from './chat-history.ts';
import { loadAt } from './load-at.ts';
import { FILTERS, foundBy } from './media-kinds.ts';
import { checkPhoto, checkSize } from './pictures.ts';
import type { SentMedia, SentMedium, SentPiece } from './sent-media.ts';

/** Media whose files each check loads, the last ones. */
const LOADED_MAX = 30;

/** The chat as one side has it. */
interface Side {
  account: RawAccount;
  peer: tl.InputPeer;
  messages: tl.message[];
  byId: Map<number, tl.message>;
}

async function readSide(account: RawAccount, other: RawAccount): Promise<Side> {
  const peer = account.inputPeer(other);
  const messages = (await readHistory(account, peer)).filter((message) => message._ === 'message');
  return { account, peer, messages, byId: new Map(messages.map((message) => [message.id, message])) };
}

/**
 * Checks a chat after a crash: what was acknowledged is there once on both sides, the rest once or not at all, albums whole or not at all, what was opened and can be viewed once is gone,
 * and the last files can be loaded by the receiver in all sizes and are what was sent.
 * @param settled whether everything was acknowledged since: then both sides have as many messages as were sent, and the counters say so, too
 * @param loaded of how many media the files are loaded
 * @throws with all violations
 */
export async function checkSentMedia(chat: SentMedia, { settled, loaded = LOADED_MAX }: { settled: boolean; loaded?: number }): Promise<void> {
  const sides = [await readSide(chat.from, chat.to), ...(chat.from === chat.to ? [] : [await readSide(chat.to, chat.from)])];
  const broken: string[] = [];
  for (const medium of chat.media) broken.push(...checkMedium(medium, sides));
  const receiver = sides.at(-1)!;
  for (const medium of chat.media.slice(-loaded)) broken.push(...(await checkFiles(medium, receiver)));
  if (settled) broken.push(...(await checkCounts(chat, sides)));
  if (broken.length > 0) throw new Error(`${broken.length} promises about media are broken:\n${broken.slice(0, 20).join('\n')}`);
}

/** Whether the receiver has opened a medium that can be viewed once: then its caption is gone, too. */
const mayBeGone = ({ kind, opening }: SentMedium): boolean => kind === 'once' && opening !== undefined;

function checkMedium(medium: SentMedium, sides: readonly Side[]): string[] {
  const broken: string[] = [];
  const groups = new Set<unknown>();
  const present: boolean[] = [];
  for (const piece of medium.pieces) {
    const found = sides.map((side) => messagesOf(side, piece));
    for (const messages of found) for (const { grouped_id } of messages) groups.add(grouped_id);
    present.push(found[0]!.length > 0);
    const wanted = wantedCount(medium, piece);
    const isRight = found.every((messages) => messages.length <= 1 && (wanted === undefined || messages.length === wanted)) && new Set(found.map(({ length }) => length)).size === 1;
    const own = found[0]![0]?.id;
    if (!isRight || (piece.ackedId !== undefined && own !== undefined && own !== piece.ackedId)) {
      broken.push(`"${piece.caption}", acknowledged as ${piece.ackedId}, deletion ${medium.deletion}, opening ${medium.opening}, is there ${found.map(({ length }) => length).join(' and ')} times, with the id ${own}`);
    }
    broken.push(...checkOpened(medium, piece, sides));
  }
  if (new Set(present).size > 1) broken.push(`of "${medium.pieces[0]!.caption}" only a part is there`);
  // The ids of albums are the same on both sides.
  if (medium.kind === 'album' && groups.size > 1) broken.push(`"${medium.pieces[0]!.caption}" is in several albums`);
  return broken;
}

/** How many messages of a piece there must be on each side; undefined if one or none. */
function wantedCount(medium: SentMedium, { ackedId }: SentPiece): number | undefined {
  if (medium.deletion === 'acknowledged' || (medium.opening === 'acknowledged' && mayBeGone(medium))) return 0;
  return ackedId === undefined || medium.deletion === 'asked' || mayBeGone(medium) ? undefined : 1;
}

const messagesOf = ({ messages }: Side, { caption }: SentPiece): tl.message[] => messages.filter(({ message }) => message === caption);

/** Checks that a message whose photo was opened is still there, on both sides, without caption and photo. */
function checkOpened(medium: SentMedium, { ackedId, receivedId, caption }: SentPiece, sides: readonly Side[]): string[] {
  if (medium.opening !== 'acknowledged' || medium.deletion !== undefined) return [];
  return [ackedId, receivedId].flatMap((id, at) => {
    if (id === undefined) return [];
    const message = sides[at]?.byId.get(id);
    const isGone = message?.message === '' && message.media?._ === 'messageMediaPhoto' && message.media.photo === undefined;
    return isGone ? [] : [`"${caption}" was opened and is ${message === undefined ? 'no message any more' : 'still there'} on side ${at}`];
  });
}

/** Loads the files of a medium. */
async function checkFiles({ kind, pieces }: SentMedium, side: Side): Promise<string[]> {
  const broken: string[] = [];
  for (const piece of pieces) {
    for (const { media } of messagesOf(side, piece)) {
      const fault = await checkFile(media, { ...piece, isSame: kind !== 'animation' }, side.account).then(() => undefined, (error: unknown) => String(error));
      if (fault !== undefined) broken.push(`"${piece.caption}": ${fault}`);
    }
  }
  return broken;
}

async function checkFile(media: tl.MessageMedia | undefined, { n, bytes, isSame }: SentPiece & { isSame: boolean }, account: RawAccount): Promise<void> {
  if (media?._ === 'messageMediaPhoto') return checkPhoto(account, media.photo, n);
  if (media?._ !== 'messageMediaDocument' || media.document?._ !== 'document') throw new Error('the file is gone');
  const { id, access_hash, file_reference, size, thumbs = [] } = media.document;
  const location = { _: 'inputDocumentFileLocation', id, access_hash, file_reference } as const;
  const loaded = await loadAt(account, { ...location, thumb_size: '' });
  if (isSame ? Buffer.compare(loaded, bytes) !== 0 : BigInt(loaded.length) !== size) throw new Error('the file is not what was sent');
  for (const thumb of thumbs) if (thumb._ === 'photoSize') await checkSize(await loadAt(account, { ...location, thumb_size: thumb.type }), thumb, undefined);
}

/** Compares the number of messages, the counters of searches and the unread count with what was sent. */
async function checkCounts({ media, from, to }: SentMedia, sides: readonly Side[]): Promise<string[]> {
  const broken: string[] = [];
  const sent = media.filter(({ deletion }) => deletion === undefined).reduce((sum, { pieces }) => sum + pieces.length, 0);
  const unsure = media.filter(({ deletion }) => deletion === 'asked').reduce((sum, { pieces }) => sum + pieces.length, 0);
  for (const { account, peer, messages } of sides) {
    if (messages.length < sent || messages.length > sent + unsure) broken.push(`${account.name} has ${messages.length} messages, ${sent} to ${sent + unsure} were sent`);
    const filters = Object.values(FILTERS).map((_) => ({ _ }));
    const counters = await account.call<'messages.getSearchCounters'>({ _: 'messages.getSearchCounters', peer, filters });
    for (const [kind, filter] of Object.entries(FILTERS)) {
      const counted = counters.find((counter) => counter.filter._ === filter)?.count;
      const there = messages.filter((message) => foundBy(message.media) === kind).length;
      if (counted !== there) broken.push(`${account.name}: ${counted} messages are counted as ${kind}, ${there} are there`);
    }
  }
  if (from === to) return broken;
  const { dialogs } = await to.call<'messages.getPeerDialogs'>({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer: to.inputPeer(from) }] });
  const unread = dialogs[0]?._ === 'dialog' ? dialogs[0].unread_count : undefined;
  const received = sides[1]!.messages.length;
  if (unread !== received) broken.push(`${to.name} has ${unread} unread messages, ${received} were received`);
  return broken;
}
