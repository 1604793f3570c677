import type { FunctionComponent } from 'preact';
import ArrowLeft from 'lucide-static/icons/arrow-left.svg';
import Pencil from 'lucide-static/icons/pencil.svg';
import X from 'lucide-static/icons/x.svg';
import type { PeerId } from '../../protocol/index.ts';
import { peerSignal, session } from '../ground/link.ts';
import { addressOf, go, infoAddress, route } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { mayManage } from '../parts/admin-right.ts';
import { editContact } from '../people/contact-dialog.tsx';
import { Facts } from './facts.tsx';
import { InfoFace } from './info-face.tsx';
import { InfoTiles } from './info-tiles.tsx';

/** Everything about a chat and who is in it: beside the chat, or in its place where there is no room for both. */
export const InfoPanel: FunctionComponent<{ peer: PeerId }> = ({ peer: id }) => {
  const details = useView('chat', { peer: id }).state.value;
  const peer = peerSignal(id).value;
  const at = route.value;
  const InfoTabs = useLoaded(async () => (await import('./info-tabs.tsx')).InfoTabs);
  const leave = (): void => at.page === 'chat' ? go(addressOf({ ...at, info: undefined }), true) : undefined;
  const edit = mayManage(peer)
    ? (): void => go(infoAddress({ at: 'edit' }))
    : peer?.isContact && !peer.isSelf
      ? (): void => void editContact(id)
      : undefined;
  return (
    <aside class="info" aria-label={t('info')}>
      <header class="bar">
        <button class="round" type="button" aria-label={t('closeInfo')} onClick={leave}>
          <span class="only-wide">
            <X />
          </span>
          <span class="only-narrow">
            <ArrowLeft />
          </span>
        </button>
        <h2 class="bar-title">{t('info')}</h2>
        {id === session.value.me && (
          <a class="round" href="#/settings/profile" aria-label={t('edit')}>
            <Pencil />
          </a>
        )}
        {edit && (
          <button class="round" type="button" aria-label={t('edit')} onClick={edit}>
            <Pencil />
          </button>
        )}
      </header>
      <div class="info-scroll info-cards">
        <InfoFace peer={id} online={details.online} />
        <InfoTiles peer={id} details={details} />
        <Facts peer={id} details={details} />
        {InfoTabs && peer && peer.restriction === undefined && <InfoTabs key={id} peer={id} details={details} />}
      </div>
    </aside>
  );
};
