import ArrowDown from 'lucide-static/icons/arrow-down.svg';
import ArrowUp from 'lucide-static/icons/arrow-up.svg';
import Bell from 'lucide-static/icons/bell.svg';
import BellOff from 'lucide-static/icons/bell-off.svg';
import Check from 'lucide-static/icons/check-check.svg';
import Eye from 'lucide-static/icons/eye.svg';
import EyeOff from 'lucide-static/icons/eye-off.svg';
import LinkIcon from 'lucide-static/icons/link.svg';
import Lock from 'lucide-static/icons/lock.svg';
import Pencil from 'lucide-static/icons/pencil.svg';
import Pin from 'lucide-static/icons/pin.svg';
import PinOff from 'lucide-static/icons/pin-off.svg';
import Trash from 'lucide-static/icons/trash-2.svg';
import Unlock from 'lucide-static/icons/lock-open.svg';
import { GENERAL_TOPIC, type MessageId, type Peer, type QuestionName, type Said, type TopicItem } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { muteTopic } from '../chats/mute-chat.tsx';
import { movePin } from '../chats/pins.ts';
import type { MenuItem } from '../parts/menu.tsx';
import { attempt } from '../parts/notice.tsx';
import { copyLink, topicLink } from '../parts/own-links.ts';
import { t } from '../ground/text.ts';
import { deleteTopic } from './delete-topic.ts';
import { editTopic } from './topic-dialog.tsx';

const does = <Name extends QuestionName>(name: Name, say: Said<Name>): (() => void) => () => void attempt(ask(name, say));

interface TopicMenuOf {
  item: TopicItem;
  /** The forum. */
  peer: Peer | undefined;
  /** The pinned topics in their order, where they are listed. */
  pins?: MessageId[];
}

/** What can be done with a topic as a whole, as far as the account may. */
export function topicMenu({ item: { topic, isMuted }, peer, pins = [] }: TopicMenuOf): MenuItem[] {
  const { peer: forum, id } = topic;
  const isGeneral = id === GENERAL_TOPIC;
  const isPinned = topic.pinned !== undefined;
  const { manageTopics = false, createTopics = false, deleteOthers = false } = peer?.rights ?? {};
  const isMember = peer?.isMember === true;
  const mayEdit = isMember && (manageTopics || (topic.isOwn === true && createTopics));
  const mayPin = isMember && manageTopics;
  const place = pins.indexOf(id);
  const moveTo = (to: number): (() => void) => does('topics.orderPinned', { peer: forum, topics: movePin(pins, id, to) });
  const items: (MenuItem | false)[] = [
    mayPin && { name: t(isPinned ? 'unpin' : 'pin'), icon: isPinned ? PinOff : Pin, act: does('topics.setPinned', { peer: forum, topic: id, isPinned: !isPinned }) },
    mayPin && place > 0 && { name: t('moveUp'), icon: ArrowUp, act: moveTo(place - 1) },
    mayPin && place !== -1 && place < pins.length - 1 && { name: t('moveDown'), icon: ArrowDown, act: moveTo(place + 1) },
    topic.unread > 0 && { name: t('markRead'), icon: Check, act: does('history.read', { peer: forum, upTo: topic.topId, thread: id }) },
    isMember && { name: t(isMuted ? 'unmute' : 'mute'), icon: isMuted ? Bell : BellOff, act: isMuted ? does('topics.mute', { peer: forum, topic: id, until: 0 }) : () => void muteTopic(forum, id) },
    mayEdit && { name: t('editTopic'), icon: Pencil, act: () => void editTopic(topic) },
    mayEdit && !topic.isHidden && { name: t(topic.isClosed ? 'reopenTopic' : 'closeTopic'), icon: topic.isClosed ? Unlock : Lock, act: does('topics.setClosed', { peer: forum, topic: id, isClosed: !topic.isClosed }) },
    isGeneral && mayPin && { name: t(topic.isHidden ? 'showTopic' : 'hideTopic'), icon: topic.isHidden ? Eye : EyeOff, act: does('topics.setHidden', { peer: forum, isHidden: !topic.isHidden }) },
    { name: t('copyLink'), icon: LinkIcon, act: () => void copyLink(topicLink(peer, forum, id)) },
    !isGeneral && isMember && (deleteOthers || mayEdit) && { name: t('deleteTopic'), icon: Trash, isDangerous: true, act: () => void deleteTopic(topic) },
  ];
  return items.filter((each) => each !== false);
}
