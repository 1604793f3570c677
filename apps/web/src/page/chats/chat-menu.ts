import ArrowDown from 'lucide-static/icons/arrow-down.svg';
import ArrowUp from 'lucide-static/icons/arrow-up.svg';
import Archive from 'lucide-static/icons/archive.svg';
import ArchiveRestore from 'lucide-static/icons/archive-restore.svg';
import Bell from 'lucide-static/icons/bell.svg';
import BellOff from 'lucide-static/icons/bell-off.svg';
import Check from 'lucide-static/icons/check-check.svg';
import Eraser from 'lucide-static/icons/eraser.svg';
import FolderPlus from 'lucide-static/icons/folder-plus.svg';
import LogOut from 'lucide-static/icons/log-out.svg';
import MessageDot from 'lucide-static/icons/message-square-dot.svg';
import Pin from 'lucide-static/icons/pin.svg';
import PinOff from 'lucide-static/icons/pin-off.svg';
import Trash from 'lucide-static/icons/trash-2.svg';
import type { Chat, ListName, Peer, PeerId, QuestionName, Said } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { nowSeconds } from '../parts/dates.ts';
import type { MenuItem } from '../parts/menu.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { addToFolder } from './add-to-folder.tsx';
import { clearChat, deleteChat, leaveChat } from './delete-chat.ts';
import { muteChat } from './mute-chat.tsx';
import { movePin } from './pins.ts';

const does = <Name extends QuestionName>(name: Name, say: Said<Name>): (() => void) => () => void attempt(ask(name, say));

interface ChatMenuOf {
  chat: Chat;
  peer: Peer | undefined;
  /** The list in which the chat is shown. */
  list?: ListName;
  /** The pinned chats of that list, in their order. */
  pins?: PeerId[];
}

/** What can be done with a chat as a whole. */
export function chatMenu({ chat, peer, list = chat.isArchived ? 'archive' : 'main', pins = [] }: ChatMenuOf): MenuItem[] {
  const { peer: id } = chat;
  const isMuted = (chat.mutedUntil ?? 0) > nowSeconds();
  const isUnread = chat.unread > 0 || chat.isMarkedUnread === true;
  const isPinned = chat.pinned !== undefined;
  const place = pins.indexOf(id);
  const moveTo = (to: number): (() => void) => does('chats.orderPinned', { list, peers: movePin(pins, id, to) });
  const isPerson = peer?.kind === 'user';
  const isMember = peer?.isMember === true;
  const items: (MenuItem | false)[] = [
    { name: t(isPinned ? 'unpin' : 'pin'), icon: isPinned ? PinOff : Pin, act: does('chats.setPinned', { list, peer: id, isPinned: !isPinned }) },
    place > 0 && { name: t('moveUp'), icon: ArrowUp, act: moveTo(place - 1) },
    place !== -1 && place < pins.length - 1 && { name: t('moveDown'), icon: ArrowDown, act: moveTo(place + 1) },
    { name: t(isUnread ? 'markRead' : 'markUnread'), icon: isUnread ? Check : MessageDot, act: does('chats.setUnread', { peer: id, isUnread: !isUnread }) },
    !peer?.isSelf && { name: t(isMuted ? 'unmute' : 'mute'), icon: isMuted ? Bell : BellOff, act: isMuted ? does('chats.mute', { peer: id, until: 0 }) : () => void muteChat(id) },
    !peer?.isSelf && { name: t(chat.isArchived ? 'unarchive' : 'archiveChat'), icon: chat.isArchived ? ArchiveRestore : Archive, act: does('chats.setArchived', { peer: id, isArchived: !chat.isArchived }) },
    { name: t('addToFolder'), icon: FolderPlus, act: () => void addToFolder(id) },
    (isPerson || peer?.kind === 'group' || peer?.kind === 'supergroup') && { name: t('clearHistory'), icon: Eraser, act: () => void clearChat(id) },
    isPerson || !isMember
      ? { name: t('deleteChat'), icon: Trash, isDangerous: true, act: () => void deleteChat(id) }
      : { name: t(peer.kind === 'channel' ? 'leaveChannel' : 'leaveGroup'), icon: LogOut, isDangerous: true, act: () => void leaveChat(id) },
  ];
  return items.filter((item) => item !== false);
}
