import type { FunctionComponent } from 'preact';
import type { MessageId, PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { TopicIcon } from './topic-icon.tsx';

const ChooseTopic: FunctionComponent<{ forum: PeerId; title: string; close(topic?: MessageId): void }> = ({ forum, title, close }) => {
  const view = useView('topics', { peer: forum });
  const { order, items = {}, hasMore } = view.state.value;
  const shown = (order ?? []).flatMap((id) => items[id]?.topic ?? []);
  return (
    <Dialog title={title} onClose={() => close()} className="choose-chat">
      <ul class="choices" aria-label={t('topics')} aria-busy={order === undefined}>
        {shown.map((topic) => (
          <li key={topic.id}>
            <button type="button" onClick={() => close(topic.id)}>
              <TopicIcon topic={topic} />
              <span class="choice-text">
                <strong>
                  <bdi>{topic.title}</bdi>
                </strong>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {hasMore && (
        <button class="link" type="button" onClick={() => void ask('topics.more', { view: view.id }).catch(() => undefined)}>
          {t('showMore')}
        </button>
      )}
    </Dialog>
  );
};

/** Lets the person choose a topic of a forum. */
export const chooseTopic = (forum: PeerId, title: string): Promise<MessageId | undefined> => openDialog<MessageId>((close) => <ChooseTopic forum={forum} title={title} close={close} />);
