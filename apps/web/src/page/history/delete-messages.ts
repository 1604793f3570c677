import type { Message, PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { nowSeconds } from '../parts/dates.ts';
import { confirmDeletion } from '../parts/delete-dialog.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { allowedOn } from '../open-chat/allowed.ts';
import { byChat } from '../open-chat/by-chat.ts';

/** Asks whether to delete messages, and deletes them; asks for each chat in which they were written. @returns whether all were */
export async function askToDelete(messages: readonly Message[]): Promise<boolean> {
  for (const { peer, messages: own } of byChat(messages)) if (!(await askToDeleteIn(peer, own))) return false;
  return true;
}

async function askToDeleteIn(peer: PeerId, messages: readonly Message[]): Promise<boolean> {
  const allowed = messages.map((message) => allowedOn(message, peerSignal(peer).value, nowSeconds()));
  const isForAll = allowed.every(({ deleteForOthers }) => deleteForOthers === undefined);
  // Else everybody loses the messages, or only this account does.
  const canChoose = !isForAll && allowed.every(({ deleteForOthers }) => deleteForOthers === true);
  const n = messages.length;
  const text = t(isForAll ? 'deleteForAllText' : canChoose ? 'deleteText' : 'deleteForMeText', { n });
  const forBoth = await confirmDeletion({ title: t('deleteMessages', { n }), text, button: t('delete'), box: canChoose ? t('deleteForOthers') : undefined });
  if (forBoth === undefined) return false;
  return await attempt(ask('messages.delete', { peer, messages: messages.map(({ id }) => id), forBoth: isForAll || forBoth }));
}
