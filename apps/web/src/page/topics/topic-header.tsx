import type { FunctionComponent } from 'preact';
import ArrowLeft from 'lucide-static/icons/arrow-left.svg';
import MoreIcon from 'lucide-static/icons/ellipsis-vertical.svg';
import SearchIcon from 'lucide-static/icons/search.svg';
import type { MessageId, PeerId, TopicItem, Typing } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { chatAddress } from '../ground/route.ts';
import { InfoButton } from '../chats/info-button.tsx';
import { openMenu } from '../parts/menu.tsx';
import { nameOf } from '../parts/names.tsx';
import { t } from '../ground/text.ts';
import { describeTyping } from '../parts/typing.ts';
import { TopicIcon } from '../topic-marks/topic-icon.tsx';
import { topicMenu } from './topic-menu.ts';

interface TopicHeaderProps {
  peer: PeerId;
  topic: MessageId;
  item?: TopicItem;
  typing: Typing[];
  /** The list of topics stands in the place of the topic, so a wide window needs a way back as well. */
  hasList: boolean;
  onSearch(): void;
}

/** Title and state of an open topic. */
export const TopicHeader: FunctionComponent<TopicHeaderProps> = ({ peer: id, topic, item, typing, hasList, onSearch }) => {
  const peer = peerSignal(id).value;
  return (
    <header class="bar chat-header">
      <a class={`round back${hasList ? ' is-kept' : ''}`} href={chatAddress(id)} aria-label={t('back')}>
        <ArrowLeft />
      </a>
      <TopicIcon topic={item?.topic ?? { id: topic, title: '', colour: 0 }} />
      <div class="chat-header-names">
        <h1>
          <bdi>{item?.topic.title}</bdi>
        </h1>
        <p class={typing.length > 0 ? 'typing' : undefined}>{typing.length > 0 ? describeTyping(typing, peer) : <bdi>{nameOf(peer)}</bdi>}</p>
      </div>
      <button class="round" type="button" aria-label={t('searchInTopic')} onClick={onSearch}>
        <SearchIcon />
      </button>
      <InfoButton />
      {item && (
        <button class="round" type="button" aria-label={t('more')} aria-haspopup="menu" onClick={({ currentTarget }) => openMenu({ items: topicMenu({ item, peer }), label: t('more'), place: currentTarget })}>
          <MoreIcon />
        </button>
      )}
    </header>
  );
};
