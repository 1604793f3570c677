import Archive from 'lucide-static/icons/archive.svg';
import ArchiveRestore from 'lucide-static/icons/archive-restore.svg';
import Bell from 'lucide-static/icons/bell.svg';
import BellOff from 'lucide-static/icons/bell-off.svg';
import Check from 'lucide-static/icons/check-check.svg';
import Eraser from 'lucide-static/icons/eraser.svg';
import LogOut from 'lucide-static/icons/log-out.svg';
import MessageDot from 'lucide-static/icons/message-square-dot.svg';
import Pin from 'lucide-static/icons/pin.svg';
import PinOff from 'lucide-static/icons/pin-off.svg';
import Trash from 'lucide-static/icons/trash-2.svg';
import type { Chat, Peer, QuestionName, Said } from '../../protocol/index.ts';
import { ask } from '../app/link.ts';
import { nowSeconds } from '../parts/dates.ts';
import type { MenuItem } from '../parts/menu.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../parts/text.ts';
import { clearChat, deleteChat, leaveChat } from './delete-chat.tsx';
import { muteChat } from './mute-chat.tsx';

const does = <Name extends QuestionName>(name: Name, say: Said<Name>): (() => void) => () => void attempt(ask(name, say));

/** What can be done with a chat as a whole. @param isInFolder the chat is shown in a folder, which has pins of its own */
export function chatMenu({ chat, peer, isInFolder = false }: { chat: Chat; peer: Peer | undefined; isInFolder?: boolean }): MenuItem[] {
  const { peer: id } = chat;
  const isMuted = (chat.mutedUntil ?? 0) > nowSeconds();
  const isUnread = chat.unread > 0 || chat.isMarkedUnread === true;
  const isPinned = chat.pinned !== undefined;
  const isPerson = peer?.kind === 'user';
  const isMember = peer?.isMember === true;
  const items: (MenuItem | false)[] = [
    !isInFolder && { name: t(isPinned ? 'unpin' : 'pin'), icon: isPinned ? PinOff : Pin, act: does('chats.setPinned', { peer: id, isPinned: !isPinned }) },
    { name: t(isUnread ? 'markRead' : 'markUnread'), icon: isUnread ? Check : MessageDot, act: does('chats.setUnread', { peer: id, isUnread: !isUnread }) },
    !peer?.isSelf && { name: t(isMuted ? 'unmute' : 'mute'), icon: isMuted ? Bell : BellOff, act: isMuted ? does('chats.mute', { peer: id, until: 0 }) : () => void muteChat(id) },
    !peer?.isSelf && { name: t(chat.isArchived ? 'unarchive' : 'archiveChat'), icon: chat.isArchived ? ArchiveRestore : Archive, act: does('chats.setArchived', { peer: id, isArchived: !chat.isArchived }) },
    (isPerson || peer?.kind === 'group' || peer?.kind === 'supergroup') && { name: t('clearHistory'), icon: Eraser, act: () => void clearChat(id) },
    isPerson || !isMember
      ? { name: t('deleteChat'), icon: Trash, isDangerous: true, act: () => void deleteChat(id) }
      : { name: t(peer.kind === 'channel' ? 'leaveChannel' : 'leaveGroup'), icon: LogOut, isDangerous: true, act: () => void leaveChat(id) },
  ];
  return items.filter((item) => item !== false);
}
