import type { FunctionComponent } from 'preact';
import type { AdminRight, Peer } from '../../protocol/index.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { t } from '../ground/text.ts';
import { mayAsAdmin } from '../parts/admin-right.ts';
import { Switch } from '../parts/switch.tsx';

/** A switch, and what it allows. */
interface RightRow {
  text: TextKey;
  rights: readonly AdminRight[];
}

const INFO: RightRow = { text: 'mayChangeInfo', rights: ['changeInfo'] };
const DELETE: RightRow = { text: 'adminDelete', rights: ['deleteMessages'] };
const REMOVE: RightRow = { text: 'adminRemove', rights: ['banUsers'] };
const INVITE: RightRow = { text: 'adminInvite', rights: ['inviteUsers'] };
const CALLS: RightRow = { text: 'adminCalls', rights: ['manageCall'] };
const STORIES: RightRow = { text: 'adminStories', rights: ['postStories', 'editStories', 'deleteStories'] };
const ADMINS: RightRow = { text: 'adminAdmins', rights: ['addAdmins'] };

const OF_CHANNEL: readonly RightRow[] = [INFO, { text: 'adminPost', rights: ['postMessages'] }, { text: 'adminEdit', rights: ['editMessages'] }, DELETE, REMOVE, INVITE, CALLS, STORIES, ADMINS];
const OF_GROUP: readonly RightRow[] = [INFO, DELETE, REMOVE, INVITE, { text: 'mayPin', rights: ['pinMessages'] }, { text: 'adminTopics', rights: ['manageTopics'] }, CALLS, STORIES, { text: 'adminAnonymous', rights: ['anonymous'] }, ADMINS];

const TOPICS_ONLY = new Set<TextKey>(['adminTopics']);

/** Rights of admins that mean something in a group or channel. Pure. */
const rowsOf = (peer: Peer): RightRow[] => (peer.kind === 'channel' ? OF_CHANNEL : OF_GROUP).filter(({ text }) => peer.isForum === true || !TOPICS_ONLY.has(text));

/** Rights that the account may give to others, because it has them itself. Pure. */
export const grantableRights = (peer: Peer): AdminRight[] => rowsOf(peer).flatMap(({ rights }) => rights).filter((right) => mayAsAdmin(peer, right) || (right === 'anonymous' && peer.isCreator === true));

/** What a new admin may do until something else is chosen: all but make others admins, and hide. Pure. */
export const firstRights = (peer: Peer): AdminRight[] => grantableRights(peer).filter((right) => right !== 'addAdmins' && right !== 'anonymous');

/** What somebody may do as an admin, in words, as the switches name it. */
export const nameAdminRights = (peer: Peer, rights: readonly AdminRight[]): string[] => rowsOf(peer).filter((row) => row.rights.some((right) => rights.includes(right))).map(({ text }) => t(text));

interface AdminRightsProps {
  peer: Peer;
  rights: readonly AdminRight[];
  /** What can be changed; the other rights stay as they are. */
  offered: readonly AdminRight[];
  isBusy: boolean;
  onChange(rights: AdminRight[]): void;
}

/** Switches for what an admin may do. */
export const AdminRights: FunctionComponent<AdminRightsProps> = ({ peer, rights, offered, isBusy, onChange }) => (
  <fieldset class="info-card-place info-rights" aria-busy={isBusy}>
    <legend class="info-card-title">{t('whatAdminMay')}</legend>
    <div class="info-card">
      {rowsOf(peer).filter((row) => row.rights.every((right) => offered.includes(right))).map((row) => (
        <div key={row.text} class="info-row">
          <Switch text={t(row.text)} isOn={row.rights.every((right) => rights.includes(right))} isBusy={isBusy} onChange={(isOn) => onChange([...rights.filter((right) => !row.rights.includes(right)), ...(isOn ? row.rights : [])])} />
        </div>
      ))}
    </div>
  </fieldset>
);
