import type { FunctionComponent } from 'preact';
import AtSign from 'lucide-static/icons/at-sign.svg';
import Hand from 'lucide-static/icons/hand.svg';
import InfoIcon from 'lucide-static/icons/info.svg';
import Lock from 'lucide-static/icons/lock.svg';
import Phone from 'lucide-static/icons/phone.svg';
import UsersIcon from 'lucide-static/icons/users.svg';
import type { ChatView, PeerId } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { chatAddress, infoAddress } from '../ground/route.ts';
import { mayAsAdmin } from '../parts/admin-right.ts';
import { copyText } from '../parts/copy-text.ts';
import { nameOf } from '../parts/names.tsx';
import { copyLink } from '../parts/own-links.ts';
import { t } from '../ground/text.ts';
import { useCommonGroups } from '../people/use-common-groups.ts';
import { DiscussionFact } from './discussion-fact.tsx';
import { ThemeFact } from './chat-theme.tsx';
import { Fact } from './fact.tsx';
import { InviteLinkFact, PublicLinkFact } from './link-fact.tsx';

/** Groups that the account and this person are both in. */
const CommonGroups: FunctionComponent<{ user: PeerId; count: number }> = ({ user, count }) => {
  const groups = useCommonGroups(user, count);
  return (
    <Fact icon={UsersIcon} name={t('commonGroups')}>
      {groups.map((id, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <a href={chatAddress(id)}>
            <bdi>{nameOf(peerSignal(id).value)}</bdi>
          </a>
        </span>
      ))}
    </Fact>
  );
};

/** What is known of somebody, or of a group. */
export const Facts: FunctionComponent<{ peer: PeerId; details: Partial<ChatView> }> = ({ peer: id, details: { about, invite, linked, theme, requests = 0, common = 0 } }) => {
  const peer = peerSignal(id).value;
  if (!peer) return null;
  const isGroup = peer.kind !== 'user';
  const mayInvite = isGroup && mayAsAdmin(peer, 'inviteUsers');
  return (
    <ul class="facts info-card">
      {about !== undefined && about !== '' && (
        <Fact icon={InfoIcon} name={t(isGroup ? 'description' : 'bio')}>
          {about}
        </Fact>
      )}
      {peer.usernames.map((username) =>
        isGroup ? (
          <PublicLinkFact key={username} username={username} />
        ) : (
          <Fact key={username} icon={AtSign} name={t('username')} copy={() => void copyLink(`${location.origin}/${username}`)}>
            {`@${username}`}
          </Fact>
        ),
      )}
      {peer.phone !== undefined && peer.phone !== '' && (
        <Fact icon={Phone} name={t('phone')} copy={() => void copyText(`+${peer.phone}`)}>
          {`+${peer.phone}`}
        </Fact>
      )}
      {linked !== undefined && <DiscussionFact peer={id} linked={linked} />}
      {mayInvite && peer.usernames.length === 0 && <InviteLinkFact peer={id} link={invite} />}
      {mayInvite && requests > 0 && (
        <Fact icon={Hand} name={t('requests')}>
          <a href={infoAddress({ at: 'requests' })}>{t('requestCount', { n: requests })}</a>
        </Fact>
      )}
      {!isGroup && !peer.isSelf && peer.isBot !== true && (
        <Fact icon={Lock} name={t('secretChats')}>
          {t('secretChatsElsewhere')}
        </Fact>
      )}
      {peer.kind === 'user' && !peer.isSelf && !peer.isBot && peer.rights.sendMedia && <ThemeFact peer={id} theme={theme} />}
      {common > 0 && !peer.isSelf && <CommonGroups user={id} count={common} />}
    </ul>
  );
};
