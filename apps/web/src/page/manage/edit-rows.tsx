import type { ComponentChildren, FunctionComponent } from 'preact';
import Clock from 'lucide-static/icons/clock.svg';
import Heart from 'lucide-static/icons/heart.svg';
import ListChecks from 'lucide-static/icons/list-checks.svg';
import Lock from 'lucide-static/icons/lock.svg';
import MessagesSquare from 'lucide-static/icons/messages-square.svg';
import Shield from 'lucide-static/icons/shield.svg';
import Trash from 'lucide-static/icons/trash-2.svg';
import UserPlus from 'lucide-static/icons/user-round-plus.svg';
import UserX from 'lucide-static/icons/user-round-x.svg';
import type { AllowedReactions } from '../../protocol/index.ts';
import { deleteForAll } from '../chats/delete-chat.ts';
import { peerSignal } from '../ground/link.ts';
import { infoAddress } from '../ground/route.ts';
import { formatCount, t } from '../ground/text.ts';
import { mayAsAdmin } from '../parts/admin-right.ts';
import { InfoAction, InfoCard, InfoLink } from '../parts/info-card.tsx';
import { nameOf } from '../parts/names.tsx';
import { HistoryRow } from './history-row.tsx';
import { countRights } from './member-rights.tsx';
import { LinksRow } from './links-page.tsx';
import type { ManagePageProps } from './page-props.ts';
import { TopicRows } from './topic-rows.tsx';
import { listSwitches } from './type-switches.tsx';

/** A card with those of its rows that are shown. No card without any. */
const Rows: FunctionComponent<{ rows: (ComponentChildren | false)[] }> = ({ rows }) => {
  const shown = rows.filter((row) => row !== false);
  return shown.length === 0 ? null : <InfoCard>{shown}</InfoCard>;
};

/** Who comes in, and from where. */
export const EntryRows: FunctionComponent<ManagePageProps> = ({ id, peer, details }) => {
  const { requests = 0, linked } = details;
  const hasType = peer.isCreator === true || listSwitches(peer, details).length > 0;
  const mayInvite = mayAsAdmin(peer, 'inviteUsers');
  const mayLink = peer.kind === 'channel' && mayAsAdmin(peer, 'changeInfo');
  return (
    <Rows
      rows={[
        hasType && <InfoLink key="type" icon={Lock} text={t(peer.kind === 'channel' ? 'channelType' : 'groupType')} value={t(peer.usernames.length > 0 ? 'typePublic' : 'typePrivate')} href={infoAddress({ at: 'type' })} />,
        mayLink && <InfoLink key="discussion" icon={MessagesSquare} text={t('discussion')} value={linked === undefined ? t('discussionNone') : nameOf(peerSignal(linked).value)} href={infoAddress({ at: 'discussion' })} />,
        mayInvite && <LinksRow key="links" id={id} />,
        mayInvite && <InfoLink key="requests" icon={UserPlus} text={t('requests')} value={requests > 0 ? t('requestsNew', { n: requests }) : undefined} href={infoAddress({ at: 'requests' })} />,
      ]}
    />
  );
};

function describeReactions(allowed: AllowedReactions): string {
  if (allowed.kind === 'some') return formatCount(allowed.emoji.length);
  return t(allowed.kind === 'all' ? 'reactionsAll' : 'reactionsNone');
}

/** What members may do and see. */
export const RuleRows: FunctionComponent<ManagePageProps> = (props) => {
  const { peer } = props;
  const isPrivateGroup = peer.kind !== 'channel' && peer.usernames.length === 0 && !peer.isLinked && !peer.isForum;
  const mayHideHistory = isPrivateGroup && (peer.kind === 'group' ? peer.isCreator === true : mayAsAdmin(peer, 'changeInfo'));
  const mayDivide = peer.kind !== 'channel' && peer.isCreator === true && !peer.isLinked;
  return (
    <Rows
      rows={[
        peer.isAdmin === true && <InfoLink key="admins" icon={Shield} text={t('adminsTitle')} value={props.details.settings?.admins} href={infoAddress({ at: 'admins' })} />,
        peer.kind !== 'channel' && mayAsAdmin(peer, 'banUsers') && <InfoLink key="permissions" icon={ListChecks} text={t('permissionsTitle')} value={countRights(peer)} href={infoAddress({ at: 'permissions' })} />,
        peer.rights.changeInfo && peer.reactions !== undefined && <InfoLink key="reactions" icon={Heart} text={t('reactions')} value={describeReactions(peer.reactions)} href={infoAddress({ at: 'reactions' })} />,
        mayHideHistory && props.details.settings !== undefined && <HistoryRow key="history" {...props} />,
        mayDivide && <TopicRows key="topics" {...props} />,
      ]}
    />
  );
};

/** What was done, who was removed, and the end of it all. */
export const LastRows: FunctionComponent<ManagePageProps> = ({ id, peer, details: { settings } }) => {
  const isLogged = peer.kind !== 'group' && peer.isAdmin === true;
  return (
    <Rows
      rows={[
        isLogged && <InfoLink key="log" icon={Clock} text={t('logTitlePage')} href={infoAddress({ at: 'log' })} />,
        isLogged && mayAsAdmin(peer, 'banUsers') && <InfoLink key="removed" icon={UserX} text={t('removedPeople')} value={settings?.removed} href={infoAddress({ at: 'removed' })} />,
        peer.isCreator === true && <InfoAction key="delete" icon={Trash} text={t(peer.kind === 'channel' ? 'deleteChannel' : 'deleteGroup')} isDangerous act={() => void deleteForAll(id)} />,
      ]}
    />
  );
};
