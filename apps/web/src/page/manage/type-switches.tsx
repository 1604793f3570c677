import type { FunctionComponent } from 'preact';
import type { ChatView, GroupSwitch, Peer, PeerId } from '../../protocol/index.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { mayAsAdmin } from '../parts/admin-right.ts';
import { InfoCard } from '../parts/info-card.tsx';
import { attempt } from '../parts/notice.tsx';
import { SavedSwitch } from '../parts/saved-switch.tsx';
import { changeSupergroup } from './need-supergroup.ts';
import type { ManagePageProps } from './page-props.ts';

/** Members from which on a group may hide who they are. */
const HIDDEN_MEMBERS_MIN = 100;

/** A switch that the account may turn. */
export interface TypeSwitch {
  which: GroupSwitch;
  text: TextKey;
  hint: TextKey;
  isOn: boolean;
}

/** What can be switched of how open a group or channel is, as far as the account may do it. Pure. */
export function listSwitches(peer: Peer, { settings }: Pick<Partial<ChatView>, 'settings'>): TypeSwitch[] {
  const { kind, isCreator = false } = peer;
  const isPublic = peer.usernames.length > 0;
  const isChannel = kind === 'channel';
  // Only the owner makes a supergroup of a basic group.
  const mayBan = mayAsAdmin(peer, 'banUsers') && (kind !== 'group' || isCreator);
  const hidesMembers = settings?.hidesMembers === true;
  const isLarge = hidesMembers || (peer.members ?? 0) >= HIDDEN_MEMBERS_MIN;
  const all: (TypeSwitch | false)[] = [
    mayBan && !(isChannel && isPublic) && { which: 'approve', text: 'approveNew', hint: 'approveNewText', isOn: peer.asksToJoin === true },
    mayBan && kind === 'supergroup' && (isPublic || peer.isLinked === true) && { which: 'joinFirst', text: 'joinFirst', hint: 'joinFirstText', isOn: peer.joinsFirst === true },
    isCreator && { which: 'protect', text: 'protect', hint: 'protectText', isOn: peer.isProtected === true },
    isChannel && mayAsAdmin(peer, 'changeInfo') && { which: 'sign', text: 'signPosts', hint: 'signPostsText', isOn: peer.signs === true },
    mayBan && kind === 'supergroup' && isLarge && { which: 'hideMembers', text: 'hideMembers', hint: 'hideMembersText', isOn: hidesMembers },
  ];
  return all.filter((one) => one !== false);
}

/** Sets one of them. In a basic group only the content can be protected. */
async function save(id: PeerId, which: GroupSwitch, isOn: boolean): Promise<boolean> {
  const set = (peer: PeerId): Promise<void> => ask('manage.setSwitch', { peer, which, isOn });
  return which === 'protect' ? await attempt(set(id)) : await changeSupergroup(id, set);
}

/** How open a group or channel is, apart from its name. */
export const TypeSwitches: FunctionComponent<ManagePageProps> = ({ id, peer, details }) => (
  <>
    {listSwitches(peer, details).map(({ which, text, hint, isOn }) => (
      <div key={which}>
        <InfoCard>
          <div class="info-row">
            <SavedSwitch text={t(text)} isOn={isOn} save={(wanted) => save(id, which, wanted)} />
          </div>
        </InfoCard>
        <p class="hint info-card-below">{t(hint)}</p>
      </div>
    ))}
  </>
);
