import type { ComponentType, FunctionComponent } from 'preact';
import Bell from 'lucide-static/icons/bell.svg';
import BellOff from 'lucide-static/icons/bell-off.svg';
import MoreIcon from 'lucide-static/icons/ellipsis-vertical.svg';
import Phone from 'lucide-static/icons/phone.svg';
import Plus from 'lucide-static/icons/plus.svg';
import SearchIcon from 'lucide-static/icons/search.svg';
import Video from 'lucide-static/icons/video.svg';
import type { ChatView, Peer, PeerId } from '../../protocol/index.ts';
import { headerMenu } from '../chats/header-menu.ts';
import { muteChat } from '../chats/mute-chat.tsx';
import { callPerson, mayCall } from '../ground/calls.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { addressOf, go, route } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { searchedChat } from '../open-chat/searching.ts';
import { nowSeconds } from '../parts/dates.ts';
import { openMenu } from '../parts/menu.tsx';
import { attempt } from '../parts/notice.tsx';
import { forumMenu } from '../topics/forum-menu.ts';
import { addMembers } from './add-members-dialog.tsx';
import { coversChat } from './address-beside-info.ts';

interface TileProps {
  icon: ComponentType;
  /** What is written on it. */
  text: string;
  /** What a screen reader says, if it is more than that. */
  name?: string;
  act(place: HTMLElement): void;
}

const Tile: FunctionComponent<TileProps> = ({ icon: Icon, text, name, act }) => (
  <button class="info-tile" type="button" aria-label={name} onClick={({ currentTarget }) => act(currentTarget)}>
    <Icon />
    <span>{text}</span>
  </button>
);

/** Shows the chat where the panel about it covers it, and the field to search in it. */
function search(id: PeerId): void {
  searchedChat.value = id;
  const at = route.value;
  if (at.page === 'chat' && coversChat()) go(addressOf({ ...at, info: undefined }), true);
}

/** Whether the messages of the chat stand beside the panel, so that one can search in them: a forum may show its list of topics there. */
function hasMessages(peer: Peer): boolean {
  const at = route.value;
  return peer.isForum !== true || (at.page === 'chat' && at.topic !== undefined);
}

/** What is done most often with a chat. */
export const InfoTiles: FunctionComponent<{ peer: PeerId; details: Partial<ChatView> }> = ({ peer: id, details }) => {
  const peer = peerSignal(id).value;
  if (!peer) return null;
  const { chat, calls } = details;
  const isMuted = (chat?.mutedUntil ?? 0) > nowSeconds();
  const mayAdd = peer.kind !== 'user' && peer.isMember === true && peer.rights.invite;
  const menu = headerMenu({ id, peer, details, added: forumMenu });
  return (
    <div class="info-tiles" role="group" aria-label={t('infoActions')}>
      {chat && !peer.isSelf && <Tile icon={isMuted ? BellOff : Bell} text={t(isMuted ? 'unmute' : 'mute')} act={() => void (isMuted ? attempt(ask('chats.mute', { peer: id, until: 0 })) : muteChat(id))} />}
      {mayCall(peer, calls) && <Tile icon={Phone} text={t('call')} act={() => callPerson(id, false)} />}
      {mayCall(peer, calls) && calls?.hasVideo && <Tile icon={Video} text={t('videoTile')} name={t('videoCall')} act={() => callPerson(id, true)} />}
      {hasMessages(peer) && <Tile icon={SearchIcon} text={t('search')} name={t('searchInChat')} act={() => search(id)} />}
      {mayAdd && <Tile icon={Plus} text={t('add')} name={t('addMembers')} act={() => void addMembers(id)} />}
      {menu.length > 0 && <Tile icon={MoreIcon} text={t('more')} act={(place) => openMenu({ items: menu, label: t('more'), place })} />}
    </div>
  );
};
