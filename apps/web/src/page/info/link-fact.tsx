import type { FunctionComponent } from 'preact';
import Copy from 'lucide-static/icons/copy.svg';
import LinkIcon from 'lucide-static/icons/link.svg';
import Qr from 'lucide-static/icons/qr-code.svg';
import Share from 'lucide-static/icons/share-2.svg';
import { inviteHash, type PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { infoAddress } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { attempt } from '../parts/notice.tsx';
import { copyLink, shortLink } from '../parts/own-links.ts';
import { RoundButton } from '../parts/round-button.tsx';
import { canShareLinks, shareLink } from '../parts/share-link.ts';
import { showQrCode } from '../parts/show-qr-code.tsx';
import { Fact } from './fact.tsx';

/** A link that leads to a group or channel, and what can be done with it. @param href where one sees more of it */
const LinkFact: FunctionComponent<{ link: string; name: string; href?: string }> = ({ link, name, href }) => (
  <Fact
    icon={LinkIcon}
    name={name}
    buttons={
      <>
        <RoundButton icon={Copy} name={t('copyLink')} act={() => void copyLink(link)} />
        <RoundButton icon={Qr} name={t('qrCode')} act={() => void showQrCode(link)} />
        {canShareLinks() && <RoundButton icon={Share} name={t('shareLink')} act={() => shareLink(link)} />}
      </>
    }
  >
    {href === undefined ? shortLink(link) : <a href={href}>{shortLink(link)}</a>}
  </Fact>
);

/** The link by which everybody finds a public group or channel. */
export const PublicLinkFact: FunctionComponent<{ username: string }> = ({ username }) => <LinkFact link={`${location.origin}/${username}`} name={t('publicLink')} />;

/** The account's own link by which others come into a private group or channel, or what makes one. */
export const InviteLinkFact: FunctionComponent<{ peer: PeerId; link?: string }> = ({ peer, link }) => {
  const make = async (): Promise<void> => {
    const making = ask('groups.inviteLink', { peer });
    if (await attempt(making)) await copyLink(await making);
  };
  // Its page says who came by it.
  if (link !== undefined) return <LinkFact link={link} name={t('inviteLink')} href={infoAddress({ at: 'link', hash: inviteHash(link) })} />;
  return (
    <Fact icon={LinkIcon} name={t('inviteLink')}>
      <button class="link link-plain" type="button" onClick={() => void make()}>
        {t('makeInvite')}
      </button>
    </Fact>
  );
};
