import type { ComponentChildren, FunctionComponent } from 'preact';
import ArrowLeft from 'lucide-static/icons/arrow-left.svg';
import type { AdminRight, PeerId } from '../../protocol/index.ts';
import { manageTexts } from '../../texts/en/manage.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { peerSignal } from '../ground/link.ts';
import { infoAddress, type InfoPage } from '../ground/route.ts';
import { addTexts, t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { mayAsAdmin, mayManage } from '../parts/admin-right.ts';
import { AdminPage } from './admin-page.tsx';
import { AdminsPage } from './admins-page.tsx';
import { BarSave } from './bar-save.tsx';
import { DiscussionPage } from './discussion-page.tsx';
import { EditPage } from './edit-page.tsx';
import { ExceptionPage } from './exception-page.tsx';
import { LinkPage, NewLinkPage } from './link-page.tsx';
import { LinksOfPage, LinksPage } from './links-page.tsx';
import { LogPage } from './log-page.tsx';
import type { ManagePageProps } from './page-props.ts';
import { PermissionsPage } from './permissions-page.tsx';
import { ReactionsPage } from './reactions-page.tsx';
import { RemovedPage } from './removed-page.tsx';
import { RequestsPage } from './requests-page.tsx';
import { TypePage } from './type-page.tsx';

addTexts(manageTexts);

interface Entry {
  /** Of a group, and of a channel if it is another one. */
  title: TextKey;
  channelTitle?: TextKey;
  back: InfoPage;
  /** What the account must be allowed to do as an admin. */
  right?: AdminRight;
  /** Every admin may see it. */
  isForAdmins?: boolean;
  /** Basic groups do not have it. */
  isForSupergroups?: boolean;
  draw(props: ManagePageProps, info: InfoPage): ComponentChildren;
}

const TO_EDIT: InfoPage = { at: 'edit' };

const PAGES: Readonly<Partial<Record<InfoPage['at'], Entry>>> & { edit: Entry } = {
  edit: { title: 'editGroup', channelTitle: 'editChannel', back: { at: 'main' }, draw: (props) => <EditPage {...props} /> },
  type: { title: 'groupType', channelTitle: 'channelType', isForAdmins: true, back: TO_EDIT, draw: (props) => <TypePage {...props} /> },
  discussion: { title: 'discussionTitle', right: 'changeInfo', back: TO_EDIT, draw: (props) => <DiscussionPage {...props} /> },
  links: { title: 'linksTitle', right: 'inviteUsers', back: TO_EDIT, draw: (props) => <LinksPage {...props} /> },
  linksOf: { title: 'linksTitle', right: 'inviteUsers', back: { at: 'links' }, draw: (props, info) => 'user' in info && <LinksOfPage key={info.user} {...props} user={info.user} /> },
  link: { title: 'inviteLink', right: 'inviteUsers', back: { at: 'links' }, draw: (props, info) => ('hash' in info && info.hash !== undefined ? <LinkPage key={info.hash} {...props} hash={info.hash} /> : <NewLinkPage {...props} />) },
  requests: { title: 'requests', right: 'inviteUsers', back: TO_EDIT, draw: (props) => <RequestsPage {...props} /> },
  admins: { title: 'adminsTitle', isForAdmins: true, back: TO_EDIT, draw: (props) => <AdminsPage {...props} /> },
  admin: { title: 'adminRights', isForAdmins: true, back: { at: 'admins' }, draw: (props, info) => 'user' in info && <AdminPage key={info.user} {...props} user={info.user} /> },
  permissions: { title: 'permissionsTitle', right: 'banUsers', back: TO_EDIT, draw: (props) => <PermissionsPage {...props} /> },
  exception: { title: 'exceptions', right: 'banUsers', back: { at: 'permissions' }, draw: (props, info) => 'user' in info && <ExceptionPage key={info.user} {...props} user={info.user} /> },
  removed: { title: 'removedPeople', right: 'banUsers', isForSupergroups: true, back: TO_EDIT, draw: (props) => <RemovedPage {...props} /> },
  log: { title: 'logTitlePage', isForAdmins: true, isForSupergroups: true, back: TO_EDIT, draw: (props) => <LogPage {...props} /> },
  reactions: { title: 'reactions', back: TO_EDIT, draw: (props) => <ReactionsPage {...props} /> },
};

/** A page on which a group or channel is managed, beside its messages or in their place. */
export const ManagePanel: FunctionComponent<{ peer: PeerId; info: InfoPage }> = ({ peer: id, info }) => {
  const details = useView('chat', { peer: id }).state.value;
  const peer = peerSignal(id).value;
  const { title: groupTitle, channelTitle, right, isForAdmins, isForSupergroups, back, draw } = PAGES[info.at] ?? PAGES.edit;
  const isNewLink = info.at === 'link' && info.hash === undefined;
  const title = isNewLink ? t('newInviteLink') : t((peer?.kind === 'channel' ? channelTitle : undefined) ?? groupTitle);
  const isAllowed = mayManage(peer) && (right === undefined || mayAsAdmin(peer, right)) && (!isForAdmins || peer?.isAdmin === true) && !(isForSupergroups && peer?.kind === 'group');
  return (
    <aside class="info" aria-label={title}>
      <header class="bar">
        <a class="round" href={infoAddress(back)} aria-label={t('back')}>
          <ArrowLeft />
        </a>
        <h2 class="bar-title">{title}</h2>
        <BarSave />
      </header>
      <div key={info.at} class="info-scroll info-cards" aria-busy={!details.isLoaded}>
        {peer && (isAllowed ? draw({ id, peer, details }, info) : <p class="empty">{t('errorRights')}</p>)}
      </div>
    </aside>
  );
};
