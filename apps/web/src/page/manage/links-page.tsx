import type { FunctionComponent } from 'preact';
import LinkIcon from 'lucide-static/icons/link.svg';
import Plus from 'lucide-static/icons/plus.svg';
import Trash from 'lucide-static/icons/trash-2.svg';
import type { PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { infoAddress } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { confirm } from '../parts/dialog.tsx';
import { nowSeconds } from '../parts/dates.ts';
import { InfoAction, InfoCard, InfoLink } from '../parts/info-card.tsx';
import { attempt } from '../parts/notice.tsx';
import { PersonFace, PersonRow } from '../parts/person-row.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { describeLink, nameOfLink } from './describe-link.ts';
import type { ManagePageProps } from './page-props.ts';

/** Links that can be used, or those that were revoked. */
const Links: FunctionComponent<{ peer: PeerId; isRevoked: boolean; admin?: PeerId }> = ({ peer, isRevoked, admin }) => {
  const view = useView('invites', { peer, isRevoked, admin });
  const { invites, hasMore } = view.state.value;
  const title = t(isRevoked ? 'revokedLinks' : 'linksTitle');
  const deleteAll = async (): Promise<void> => {
    if (await confirm({ title: t('deleteRevoked'), text: t('deleteRevokedText'), button: t('deleteRevoked'), isDangerous: true })) await attempt(ask('invites.deleteRevoked', { peer, admin }));
  };
  if ((isRevoked || admin !== undefined) && !invites?.length) return null;
  return (
    <InfoCard title={title}>
      {!isRevoked && admin === undefined && <InfoLink icon={Plus} text={t('createLink')} href={infoAddress({ at: 'link' })} />}
      <ul class="people" aria-label={title} aria-busy={invites === undefined}>
        {invites?.map((invite) => (
          <li key={invite.hash}>
            <a class="info-row" href={infoAddress({ at: 'link', hash: invite.hash })}>
              <LinkIcon />
              <span class="info-row-text">
                <bdi class="link-name">{nameOfLink(invite)}</bdi>
                <small class="info-row-line">{describeLink(invite, nowSeconds())}</small>
              </span>
            </a>
          </li>
        ))}
      </ul>
      {hasMore && (
        <button class="link more-results" type="button" onClick={() => void attempt(ask('invites.more', { view: view.id }))}>
          {t('moreMembers')}
        </button>
      )}
      {isRevoked && <InfoAction icon={Trash} text={t('deleteRevoked')} isDangerous act={() => void deleteAll()} />}
    </InfoCard>
  );
};

/** Who else has made links. Only the owner sees that. */
const OtherAdmins: FunctionComponent<{ peer: PeerId }> = ({ peer }) => {
  const admins = useLoaded(() => ask('invites.admins', { peer }));
  if (!admins?.length) return null;
  return (
    <InfoCard title={t('linksOfOthers')}>
      <ul class="people" aria-label={t('linksOfOthers')}>
        {admins.map(({ admin, count }) => (
          <li key={admin} class="person">
            <a class="person-row" href={infoAddress({ at: 'linksOf', user: admin })}>
              <PersonFace peer={admin} line={t('linkCount', { n: count })} />
            </a>
          </li>
        ))}
      </ul>
    </InfoCard>
  );
};

/** The invite links of another admin. */
export const LinksOfPage: FunctionComponent<ManagePageProps & { user: PeerId }> = ({ id, user }) => (
  <>
    <div class="info-card">
      <PersonRow peer={user} />
    </div>
    <Links peer={id} isRevoked={false} admin={user} />
    <Links peer={id} isRevoked admin={user} />
  </>
);

/** The invite links of the account to a group or channel. */
export const LinksPage: FunctionComponent<ManagePageProps> = ({ id, peer }) => (
  <>
    <p class="hint info-card-hint">{t('linksText')}</p>
    <Links peer={id} isRevoked={false} />
    <Links peer={id} isRevoked />
    {peer.isCreator && <OtherAdmins peer={id} />}
  </>
);

/** The row that leads to them, with their number. */
export const LinksRow: FunctionComponent<Pick<ManagePageProps, 'id'>> = ({ id }) => {
  const { count } = useView('invites', { peer: id, isRevoked: false }).state.value;
  return <InfoLink icon={LinkIcon} text={t('linksTitle')} value={count} href={infoAddress({ at: 'links' })} />;
};
