import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import Ban from 'lucide-static/icons/ban.svg';
import Copy from 'lucide-static/icons/copy.svg';
import Share from 'lucide-static/icons/share-2.svg';
import Trash from 'lucide-static/icons/trash-2.svg';
import type { InviteLink, LinkTerms, PeerId } from '../../protocol/index.ts';
import { ask, session } from '../ground/link.ts';
import { go, infoAddress } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { confirm } from '../parts/dialog.tsx';
import { formatShort, nowSeconds } from '../parts/dates.ts';
import { Field } from '../parts/form.tsx';
import { InfoAction, InfoCard } from '../parts/info-card.tsx';
import { attempt } from '../parts/notice.tsx';
import { copyLink, shortLink, withOwnOrigin } from '../parts/own-links.ts';
import { PagedPeople } from '../parts/paged-people.tsx';
import { QrCode } from '../parts/qr-code.tsx';
import { canShareLinks, shareLink } from '../parts/share-link.ts';
import { useSaved } from '../parts/use-saved.ts';
import { useBarSave } from './bar-save.tsx';
import { describeLink } from './describe-link.ts';
import { LinkTermsFields } from './link-terms.tsx';
import type { ManagePageProps } from './page-props.ts';

/** Characters of a name. */
const NAME_MAX = 32;

const NO_TERMS: LinkTerms = { name: '', ends: 0, max: 0, needsApproval: false };

/** A link that is yet to be made. */
export const NewLinkPage: FunctionComponent<ManagePageProps> = ({ id }) => {
  const terms = useSignal(NO_TERMS);
  const isBusy = useSignal(false);
  const create = async (): Promise<void> => {
    isBusy.value = true;
    const making = ask('invites.save', { peer: id, terms: { ...terms.value, name: terms.value.name.trim() } });
    if (await attempt(making)) go(infoAddress({ at: 'link', hash: (await making).hash }), true);
    isBusy.value = false;
  };
  return (
    <>
      <div class="info-card info-card-texts">
        <Field label={t('linkName')} maxLength={NAME_MAX} value={terms.value.name} onInput={(name) => (terms.value = { ...terms.value, name })} />
      </div>
      <LinkTermsFields terms={terms.value} onChange={(next) => (terms.value = next)} />
      <button class="button" type="button" disabled={isBusy.value} onClick={() => void create()}>
        {t('createLink')}
      </button>
    </>
  );
};

interface LinkProps {
  peer: PeerId;
  invite: InviteLink;
  onChange(invite: InviteLink): void;
}

/** Name and terms of a link, which the permanent one of an admin does not have. */
const Terms: FunctionComponent<LinkProps> = ({ peer, invite, onChange }) => {
  const name = useSignal<string | undefined>(undefined);
  const save = async (terms: LinkTerms): Promise<boolean> => {
    const saving = ask('invites.save', { peer, hash: invite.hash, terms });
    if (!(await attempt(saving))) return false;
    onChange(await saving);
    return true;
  };
  const known: LinkTerms = { name: invite.name, ends: invite.ends, max: invite.max, needsApproval: invite.needsApproval };
  const { shown, isBusy, set } = useSaved(known, save);
  const wanted = (name.value ?? invite.name).trim();
  useBarSave(wanted === invite.name ? undefined : async () => (await save({ ...known, name: wanted })) && (name.value = undefined));
  return (
    <>
      <div class="info-card info-card-texts">
        <Field label={t('linkName')} maxLength={NAME_MAX} value={name.value ?? invite.name} onInput={(value) => (name.value = value)} />
      </div>
      <LinkTermsFields terms={shown} isBusy={isBusy} onChange={set} />
    </>
  );
};

/** What can be done with a link as a whole. */
const Actions: FunctionComponent<Omit<LinkProps, 'onChange'>> = ({ peer, invite }) => {
  const end = async (question: 'invites.revoke' | 'invites.delete'): Promise<void> => {
    const isRevoking = question === 'invites.revoke';
    const title = t(isRevoking ? 'revokeLink' : 'deleteLink');
    if (!(await confirm({ title, text: t(isRevoking ? 'revokeLinkText' : 'deleteLinkText'), button: title, isDangerous: true }))) return;
    if (await attempt(ask(question, { peer, hash: invite.hash }))) go(infoAddress(invite.by === session.value.me ? { at: 'links' } : { at: 'linksOf', user: invite.by }), true);
  };
  if (invite.isRevoked) return <InfoAction icon={Trash} text={t('deleteLink')} isDangerous act={() => void end('invites.delete')} />;
  return (
    <>
      <InfoAction icon={Copy} text={t('copyLink')} act={() => void copyLink(invite.link)} />
      {canShareLinks() && <InfoAction icon={Share} text={t('shareLink')} act={() => shareLink(invite.link)} />}
      <InfoAction icon={Ban} text={t('revokeLink')} isDangerous act={() => void end('invites.revoke')} />
    </>
  );
};

/** One invite link: what it is, who came by it, and what can be changed of it. */
export const LinkPage: FunctionComponent<ManagePageProps & { hash: string }> = ({ id, hash }) => {
  const invite = useSignal<InviteLink | undefined>(undefined);
  useEffect(() => {
    const asked = ask('invites.get', { peer: id, hash });
    asked.then((found) => (invite.value = found), () => undefined);
    void attempt(asked);
  }, [id, hash]);
  const { value: known } = invite;
  if (!known) return null;
  const load = async (offset?: string): Promise<{ people: { peer: PeerId; line: string }[]; next?: string }> => {
    const { people, next } = await ask('invites.joined', { peer: id, hash, offset });
    return { people: people.map(({ peer, date }) => ({ peer, line: formatShort(date) })), next };
  };
  return (
    <>
      <div class="info-card invite-card">
        {!known.isRevoked && <QrCode url={withOwnOrigin(known.link, location.origin)} />}
        <p class="link-text" dir="ltr">
          {shortLink(known.link)}
        </p>
        <p class="hint">{describeLink(known, nowSeconds())}</p>
      </div>
      <InfoCard>
        <Actions peer={id} invite={known} />
      </InfoCard>
      {!known.isPermanent && !known.isRevoked && <Terms peer={id} invite={known} onChange={(next) => (invite.value = next)} />}
      <InfoCard title={t('joinedBy')}>
        <PagedPeople label={t('joinedBy')} empty={t('nobodyJoined')} load={load} onOpen={() => undefined} />
      </InfoCard>
    </>
  );
};
