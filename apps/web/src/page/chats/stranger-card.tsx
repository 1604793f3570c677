import type { ComponentChildren, FunctionComponent } from 'preact';
import X from 'lucide-static/icons/x.svg';
import type { ChatView, PeerId } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { Avatar } from '../parts/avatar.tsx';
import { formatMonth } from '../parts/dates.ts';
import { NameMark, nameOf } from '../parts/names.tsx';
import { editContact } from '../people/contact-dialog.tsx';
import { useCommonGroups } from '../people/use-common-groups.ts';
import { blockStranger, hideStranger, reportStranger } from './stranger-actions.ts';

const countries = new Intl.DisplayNames('en', { type: 'region' });

const Fact: FunctionComponent<{ name: string; children: ComponentChildren }> = ({ name, children }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

/** Who a stranger is, as far as is known, and what can be done about them: in an empty chat, where the bar above the messages would say too little. */
export const StrangerCard: FunctionComponent<{ peer: PeerId; details: Partial<ChatView> }> = ({ peer: id, details: { common = 0, stranger } }) => {
  const peer = peerSignal(id).value;
  const [group] = useCommonGroups(id, common);
  const { joined, country } = stranger ?? {};
  const hasPhone = peer?.phone !== undefined && peer.phone !== '';
  return (
    <section class="empty-card stranger" aria-label={t('aboutName', { name: nameOf(peer) })}>
      <button class="round stranger-close" type="button" aria-label={t('close')} onClick={() => void hideStranger(id)}>
        <X />
      </button>
      <Avatar peer={id} size="card" />
      <h2>
        <bdi>{nameOf(peer)}</bdi>
        <NameMark of={peer} />
      </h2>
      <p>{t('notInContacts')}</p>
      {(hasPhone || country !== undefined || group !== undefined || joined !== undefined) && (
        <dl>
          {hasPhone && <Fact name={t('phone')}>{`+${peer.phone}`}</Fact>}
          {country !== undefined && <Fact name={t('country')}>{countries.of(country)}</Fact>}
          {group !== undefined && (
            <Fact name={t('commonGroups')}>
              <bdi>{nameOf(peerSignal(group).value)}</bdi>
              {common > 1 && ` ${t('andMore', { n: common - 1 })}`}
            </Fact>
          )}
          {joined !== undefined && <Fact name={t('joined')}>{formatMonth(joined)}</Fact>}
        </dl>
      )}
      <div class="stranger-buttons">
        <button class="link" type="button" onClick={() => void editContact(id)}>
          {t('addContact')}
        </button>
        <button class="link is-dangerous" type="button" onClick={() => void blockStranger(id)}>
          {t('block')}
        </button>
        <button class="link is-dangerous" type="button" onClick={() => void reportStranger(id)}>
          {t('reportSend')}
        </button>
      </div>
    </section>
  );
};
