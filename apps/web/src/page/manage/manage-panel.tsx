import type { ComponentType, FunctionComponent } from 'preact';
import ArrowLeft from 'lucide-static/icons/arrow-left.svg';
import type { PeerId } from '../../protocol/index.ts';
import { manageTexts } from '../../texts/en/manage.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { peerSignal } from '../ground/link.ts';
import { infoAddress, type InfoPage } from '../ground/route.ts';
import { addTexts, t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { mayManage } from '../parts/admin-right.ts';
import { BarSave } from './bar-save.tsx';
import { DiscussionPage } from './discussion-page.tsx';
import { EditPage } from './edit-page.tsx';
import type { ManagePageProps } from './page-props.ts';
import { ReactionsPage } from './reactions-page.tsx';
import { RequestsPage } from './requests-page.tsx';

addTexts(manageTexts);

interface Entry {
  /** Of a group, and of a channel if it is another one. */
  title: TextKey;
  channelTitle?: TextKey;
  back: InfoPage;
  Content: ComponentType<ManagePageProps>;
}

const TO_EDIT: InfoPage = { at: 'edit' };

const PAGES = {
  edit: { title: 'editGroup', channelTitle: 'editChannel', back: { at: 'main' }, Content: EditPage },
  discussion: { title: 'discussionTitle', back: TO_EDIT, Content: DiscussionPage },
  requests: { title: 'requests', back: TO_EDIT, Content: RequestsPage },
  reactions: { title: 'reactions', back: TO_EDIT, Content: ReactionsPage },
} as const satisfies Partial<Record<InfoPage['at'], Entry>>;

/** A page on which a group or channel is managed, beside its messages or in their place. */
export const ManagePanel: FunctionComponent<{ peer: PeerId; info: InfoPage }> = ({ peer: id, info }) => {
  const details = useView('chat', { peer: id }).state.value;
  const peer = peerSignal(id).value;
  const { title: groupTitle, channelTitle, back, Content }: Entry = info.at in PAGES ? PAGES[info.at as keyof typeof PAGES] : PAGES.edit;
  const title = t((peer?.kind === 'channel' ? channelTitle : undefined) ?? groupTitle);
  return (
    <aside class="info" aria-label={title}>
      <header class="bar">
        <a class="round" href={infoAddress(back)} aria-label={t('back')}>
          <ArrowLeft />
        </a>
        <h2 class="bar-title">{title}</h2>
        <BarSave />
      </header>
      <div class="info-scroll info-cards" aria-busy={!details.isLoaded}>
        {peer && (mayManage(peer) ? <Content key={info.at} id={id} peer={peer} details={details} /> : <p class="empty">{t('errorRights')}</p>)}
      </div>
    </aside>
  );
};
