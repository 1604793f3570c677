import type { PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../app/link.ts';
import { confirm } from '../parts/dialog.tsx';
import { nameOf } from '../parts/names.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../parts/text.ts';
import { copyLink } from '../parts/own-links.ts';

/** Says who could not be added, and offers the invite link that they can be sent. */
export async function showMissing(peer: PeerId, missing: PeerId[]): Promise<void> {
  if (missing.length === 0) return;
  const names = missing.map((id) => nameOf(peerSignal(id).value)).join(', ');
  if (!(await confirm({ title: t('notAdded'), text: t('notAddedText', { names }), button: t('copyInvite') }))) return;
  const link = ask('groups.inviteLink', { peer });
  if (await attempt(link)) await copyLink(await link);
}
