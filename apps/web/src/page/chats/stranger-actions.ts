import type { PeerId, QuestionName, Said } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { confirm } from '../parts/dialog.tsx';
import { nameOf } from '../parts/names.tsx';
import { attempt, tell } from '../parts/notice.tsx';
import { leaveChat } from './delete-chat.ts';

async function askFirst<Name extends QuestionName>(asked: { title: string; text: string; isDangerous?: boolean }, name: Name, say: Said<Name>): Promise<boolean> {
  return (await confirm({ ...asked, button: asked.title })) && (await attempt(ask(name, say)));
}

const named = (id: PeerId): { name: string } => ({ name: nameOf(peerSignal(id).value) });

/** Shows somebody the own phone number, after a question. */
export const sharePhone = (id: PeerId): Promise<boolean> => askFirst({ title: t('sharePhone'), text: t('sharePhoneText', named(id)) }, 'people.sharePhone', { user: id });

/** Blocks somebody, after a question. */
export const blockStranger = (id: PeerId): Promise<boolean> => askFirst({ title: t('block'), text: t('blockText', named(id)), isDangerous: true }, 'people.setBlocked', { peer: id, isBlocked: true });

/** Tells the operator of the server that somebody or a group sends spam, after a question. Leaves the group. */
export async function reportStranger(id: PeerId): Promise<void> {
  if (!(await askFirst({ title: t('reportSpam'), text: t('reportText', named(id)), isDangerous: true }, 'people.reportSpam', { peer: id }))) return;
  tell(t('reported'));
  if (peerSignal(id).value?.kind !== 'user') await leaveChat(id);
}

/** Hides what can be done about a stranger. */
export const hideStranger = (id: PeerId): Promise<boolean> => attempt(ask('people.hideBar', { peer: id }));
