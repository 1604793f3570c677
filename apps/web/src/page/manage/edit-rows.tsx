import type { ComponentChildren, FunctionComponent } from 'preact';
import Heart from 'lucide-static/icons/heart.svg';
import MessagesSquare from 'lucide-static/icons/messages-square.svg';
import UserPlus from 'lucide-static/icons/user-round-plus.svg';
import type { AllowedReactions } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { infoAddress } from '../ground/route.ts';
import { formatCount, t } from '../ground/text.ts';
import { mayAsAdmin } from '../parts/admin-right.ts';
import { InfoCard, InfoLink } from '../parts/info-card.tsx';
import { nameOf } from '../parts/names.tsx';
import { HistoryRow } from './history-row.tsx';
import type { ManagePageProps } from './page-props.ts';
import { TopicRows } from './topic-rows.tsx';

/** A card with those of its rows that are shown. No card without any. */
const Rows: FunctionComponent<{ rows: (ComponentChildren | false)[] }> = ({ rows }) => {
  const shown = rows.filter((row) => row !== false);
  return shown.length === 0 ? null : <InfoCard>{shown}</InfoCard>;
};

/** Who comes in, and from where. */
export const EntryRows: FunctionComponent<ManagePageProps> = ({ peer, details: { requests = 0, linked } }) => {
  const mayInvite = mayAsAdmin(peer, 'inviteUsers');
  const mayLink = peer.kind === 'channel' && mayAsAdmin(peer, 'changeInfo');
  return (
    <Rows
      rows={[
        mayLink && <InfoLink key="discussion" icon={MessagesSquare} text={t('discussion')} value={linked === undefined ? t('discussionNone') : nameOf(peerSignal(linked).value)} href={infoAddress({ at: 'discussion' })} />,
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
        peer.rights.changeInfo && peer.reactions !== undefined && <InfoLink key="reactions" icon={Heart} text={t('reactions')} value={describeReactions(peer.reactions)} href={infoAddress({ at: 'reactions' })} />,
        mayHideHistory && props.details.settings !== undefined && <HistoryRow key="history" {...props} />,
        mayDivide && <TopicRows key="topics" {...props} />,
      ]}
    />
  );
};
