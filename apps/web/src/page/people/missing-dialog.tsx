import type { PeerId } from '../../protocol/index.ts';
import { ask, peerSignal, session } from '../ground/link.ts';
import { confirm } from '../parts/dialog.tsx';
import { nameOf } from '../parts/names.tsx';
import { attempt, notify } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { copyLink } from '../parts/own-links.ts';

/** The lowest bits of the id of a person say at which data centre they live. */
const homeOf = (id: PeerId): number => id % 8;

/** Says who could not be added, and offers the invite link that they can be sent. The link is none for people of another data centre. */
export async function showMissing(peer: PeerId, missing: PeerId[]): Promise<void> {
  const own = homeOf(session.value.me ?? 0);
  const namesOf = (ids: PeerId[]): string => ids.map((id) => nameOf(peerSignal(id).value)).join(', ');
  const elsewhere = missing.filter((id) => homeOf(id) !== own);
  if (elsewhere.length > 0) notify(t('notAddedElsewhere', { names: namesOf(elsewhere) }));
  const here = missing.filter((id) => homeOf(id) === own);
  if (here.length === 0) return;
  if (!(await confirm({ title: t('notAdded'), text: t('notAddedText', { names: namesOf(here) }), button: t('copyInvite') }))) return;
  const link = ask('groups.inviteLink', { peer });
  if (await attempt(link)) await copyLink(await link);
}
