import type { PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { go } from '../ground/route.ts';
import { shownRoute } from '../ground/side.ts';
import { confirmDeletion } from '../parts/delete-dialog.tsx';
import { confirm } from '../parts/dialog.tsx';
import { nameOf } from '../parts/names.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';

/** Leaves the page of a chat that is gone. */
function leavePage(peer: PeerId): void {
  const at = shownRoute.value;
  if (at.page === 'chat' && at.peer === peer) go('#/', true);
}

function boxFor(id: PeerId): string | undefined {
  const peer = peerSignal(id).value;
  return peer?.kind === 'user' && !peer.isSelf && !peer.isBot ? t('alsoForName', { name: peer.firstName ?? nameOf(peer) }) : undefined;
}

/** Deletes the messages of a chat. */
export async function clearChat(peer: PeerId): Promise<void> {
  const forBoth = await confirmDeletion({ title: t('clearHistory'), text: t('clearHistoryText', { name: nameOf(peerSignal(peer).value) }), button: t('clearHistory'), box: boxFor(peer) });
  if (forBoth !== undefined) await attempt(ask('chats.clear', { peer, forBoth }));
}

/** Deletes a chat with its messages. */
export async function deleteChat(peer: PeerId): Promise<void> {
  const forBoth = await confirmDeletion({ title: t('deleteChat'), text: t('deleteChatText', { name: nameOf(peerSignal(peer).value) }), button: t('deleteChat'), box: boxFor(peer) });
  if (forBoth === undefined) return;
  if (await attempt(ask(peerSignal(peer).value?.kind === 'user' ? 'chats.delete' : 'groups.leave', { peer, forBoth }))) leavePage(peer);
}

/** Leaves a group or channel. */
export async function leaveChat(peer: PeerId): Promise<void> {
  const isChannel = peerSignal(peer).value?.kind === 'channel';
  const title = t(isChannel ? 'leaveChannel' : 'leaveGroup');
  const isSure = await confirm({ title, text: t('leaveText', { name: nameOf(peerSignal(peer).value) }), button: title, isDangerous: true });
  if (isSure && (await attempt(ask('groups.leave', { peer })))) leavePage(peer);
}

/** Deletes a group or channel for everybody. */
export async function deleteForAll(peer: PeerId): Promise<void> {
  const isChannel = peerSignal(peer).value?.kind === 'channel';
  const title = t(isChannel ? 'deleteChannel' : 'deleteGroup');
  const isSure = await confirmDeletion({ title, text: t('deleteGroupText', { name: nameOf(peerSignal(peer).value) }), button: title });
  if (isSure !== undefined && (await attempt(ask('groups.delete', { peer })))) leavePage(peer);
}
