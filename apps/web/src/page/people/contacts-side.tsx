import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import MoreIcon from 'lucide-static/icons/ellipsis-vertical.svg';
import Pencil from 'lucide-static/icons/pencil.svg';
import Trash from 'lucide-static/icons/trash-2.svg';
import UserPlus from 'lucide-static/icons/user-plus.svg';
import type { PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { confirm } from '../parts/dialog.tsx';
import { type MenuPlace, openMenu } from '../parts/menu.tsx';
import { useMenuGestures } from '../parts/menu-gestures.ts';
import { nameOf } from '../parts/names.tsx';
import { attempt } from '../parts/notice.tsx';
import { PersonRow } from '../parts/person-row.tsx';
import { SideHeader } from '../parts/side-header.tsx';
import { SearchBox } from '../parts/search-box.tsx';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { isNamed } from './is-named.ts';
import { editContact } from './contact-dialog.tsx';

/** Takes somebody out of the address book. */
export async function deleteContact(user: PeerId): Promise<void> {
  const name = nameOf(peerSignal(user).value);
  if (await confirm({ title: t('deleteContact'), text: t('deleteContactText', { name }), button: t('deleteContact'), isDangerous: true })) await attempt(ask('contacts.remove', { user }));
}

const Contact: FunctionComponent<{ peer: PeerId }> = ({ peer }) => {
  const open = (place: MenuPlace): void =>
    openMenu({
      label: t('more'),
      place,
      items: [
        { name: t('editContact'), icon: Pencil, act: () => void editContact(peer) },
        { name: t('deleteContact'), icon: Trash, isDangerous: true, act: () => void deleteContact(peer) },
      ],
    });
  const gestures = useMenuGestures(open);
  return (
    <li {...gestures}>
      <PersonRow peer={peer}>
        <button class="round" type="button" aria-label={t('moreAbout', { name: nameOf(peerSignal(peer).value) })} aria-haspopup="menu" onClick={({ currentTarget }) => open(currentTarget)}>
          <MoreIcon />
        </button>
      </PersonRow>
    </li>
  );
};

/** The address book. */
export const ContactsSide: FunctionComponent = () => {
  const { people } = useView('contacts', {}).state.value;
  const query = useSignal('');
  const shown = (people ?? []).filter((id) => isNamed(peerSignal(id).value, query.value));
  return (
    <>
      <SideHeader title={t('contacts')}>
        <a class="round" href="#/new/contact" aria-label={t('newContact')}>
          <UserPlus />
        </a>
      </SideHeader>
      <div class="side-scroll">
        <div class="side-field">
          <SearchBox label={t('searchContacts')} query={query} />
        </div>
        <ul class="people" aria-label={t('contacts')}>
          {shown.map((peer) => (
            <Contact key={peer} peer={peer} />
          ))}
        </ul>
        {people?.length === 0 && (
          <div class="empty">
            <p>{t('noContacts')}</p>
            <p>{t('noContactsText')}</p>
            <div class="empty-steps">
              <a class="button button-soft" href="#/new/contact">
                <UserPlus /> {t('newContact')}
              </a>
            </div>
          </div>
        )}
        {people !== undefined && people.length > 0 && shown.length === 0 && <p class="empty">{t('nothingFound')}</p>}
      </div>
    </>
  );
};
