import Ban from 'lucide-static/icons/ban.svg';
import Trash from 'lucide-static/icons/trash-2.svg';
import UserPlus from 'lucide-static/icons/user-plus.svg';
import UserPen from 'lucide-static/icons/user-pen.svg';
import type { ChatView, Peer, PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import type { MenuItem } from '../parts/menu.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { editContact } from '../people/contact-dialog.tsx';
import { chatMenu } from './chat-menu.ts';
import { deleteForAll } from './delete-chat.ts';

/** What can be done with a chat beside what can be done with every chat. Forums hand in their own. */
export type AddedItems = (peer: Peer | undefined, asMessages: boolean) => MenuItem[];

interface HeaderMenuOf {
  id: PeerId;
  peer: Peer | undefined;
  details: Partial<ChatView>;
  added?: AddedItems;
}

/** What can be done with an open chat, and with the person in it. */
export function headerMenu({ id, peer, details: { chat, isBlocked }, added }: HeaderMenuOf): MenuItem[] {
  const isPerson = peer?.kind === 'user' && !peer.isSelf && !peer.isDeleted;
  const person: MenuItem[] = isPerson
    ? [
        ...(peer.isBot ? [] : [{ name: t(peer.isContact ? 'editContact' : 'addContact'), icon: peer.isContact ? UserPen : UserPlus, act: () => void editContact(id) }]),
        { name: t(isBlocked ? 'unblock' : 'block'), icon: Ban, isDangerous: !isBlocked, act: () => void attempt(ask('people.setBlocked', { peer: id, isBlocked: !isBlocked })) },
      ]
    : [];
  const owner: MenuItem[] = peer?.isCreator && peer.isMember ? [{ name: t(peer.kind === 'channel' ? 'deleteChannel' : 'deleteGroup'), icon: Trash, isDangerous: true, act: () => void deleteForAll(id) }] : [];
  const menu = [...person, ...(added?.(peer, chat?.asMessages === true) ?? []), ...(chat ? chatMenu({ chat, peer }) : []), ...owner];
  // What cannot be undone stands last.
  return [...menu.filter(({ isDangerous }) => !isDangerous), ...menu.filter(({ isDangerous }) => isDangerous)];
}
