import type { PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { confirm } from '../parts/dialog.tsx';
import { attempt } from '../parts/notice.tsx';

/** Asks before a basic group becomes a supergroup for something that only supergroups have. @returns the supergroup; undefined if it is not to be, or could not be */
async function needSupergroup(peer: PeerId): Promise<PeerId | undefined> {
  if (peerSignal(peer).value?.kind !== 'group') return peer;
  if (!(await confirm({ title: t('makeSupergroup'), text: t('makeSupergroupText'), button: t('goOn') }))) return undefined;
  const making = ask('manage.migrate', { peer });
  return (await attempt(making)) ? await making : undefined;
}

/**
 * Does something that only supergroups and channels have, and says why if it could not. The open page goes on at the new address by itself.
 * @param change asks the worker
 * @returns whether it was done
 */
export async function changeSupergroup(peer: PeerId, change: (peer: PeerId) => Promise<unknown>): Promise<boolean> {
  const group = await needSupergroup(peer);
  return group !== undefined && (await attempt(change(group)));
}
