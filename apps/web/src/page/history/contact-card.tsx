import type { FunctionComponent } from 'preact';
import UserIcon from 'lucide-static/icons/user.svg';
import type { Media } from '../../protocol/index.ts';
import { chatAddress } from '../ground/route.ts';
import { Avatar } from '../parts/avatar.tsx';
import { t } from '../ground/text.ts';

type Contact = Extract<Media, { kind: 'contact' }>;

/** Somebody from an address book. */
export const ContactCard: FunctionComponent<{ contact: Contact }> = ({ contact: { name, phone, user } }) => (
  <div class="card contact">
    {user === undefined ? (
      <span class="avatar avatar-4" aria-hidden="true">
        <UserIcon />
      </span>
    ) : (
      <Avatar peer={user} />
    )}
    <div class="card-text">
      <strong>
        <bdi>{name}</bdi>
      </strong>
      <span class="card-detail" dir="ltr">
        {phone === '' ? '' : `+${phone.replace(/^\+/, '')}`}
      </span>
      {user !== undefined && (
        <span class="card-buttons">
          <a class="link" href={chatAddress(user)}>
            {t('writeToContact')}
          </a>
        </span>
      )}
    </div>
  </div>
);
