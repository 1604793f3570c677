import type { tl } from '@mtcute/core';
import type { ChatQuestions, PeerId } from '../../protocol/index.ts';
import { changeFolder } from '../change-folder.ts';
import { orderPinsOfFolder, pinInFolder } from '../models/folder.ts';
import { tlPeer } from '../models/ids.ts';
import { ARCHIVE_ID } from '../reduce/index.ts';
import { readPins } from '../read-pins.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

const dialogPeer = (peer: PeerId): tl.RawDialogPeer => ({ _: 'dialogPeer', peer: tlPeer(peer) });

/** Pinned chats. The main list and the archive have theirs by calls of their own; those of a folder are a part of the folder. */
export function answerPins({ account }: AnswerDeps): AnswersTo<Pick<ChatQuestions, 'chats.setPinned' | 'chats.orderPinned'>> {
  const inputDialog = async (peer: PeerId): Promise<tl.TypeInputDialogPeer> => ({ _: 'inputDialogPeer', peer: await account.inputPeer(peer) });

  return {
    'chats.setPinned': async ({ list, peer, isPinned }) => {
      if (typeof list === 'number') {
        const input = await account.inputPeer(peer);
        await changeFolder(account, list, (filter) => pinInFolder(filter, input, { isPinned, self: account.me }));
        return;
      }
      await account.call({ _: 'messages.toggleDialogPin', peer: await inputDialog(peer), pinned: isPinned });
      account.apply({ _: 'updateDialogPinned', peer: dialogPeer(peer), pinned: isPinned });
    },
    'chats.orderPinned': async ({ list, peers }) => {
      if (typeof list === 'number') {
        await changeFolder(account, list, (filter) => orderPinsOfFolder(filter, peers, account.me));
        return;
      }
      const folderId = list === 'archive' ? ARCHIVE_ID : 0;
      await account.call({ _: 'messages.reorderPinnedDialogs', folderId, order: await Promise.all(peers.map(inputDialog)) });
      // Another device may have changed them as well, and its change may have been told here before this answer. So they are read.
      await readPins(account, folderId);
    },
  };
}
