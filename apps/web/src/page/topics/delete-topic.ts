import type { Topic } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { chatAddress, go } from '../ground/route.ts';
import { shownRoute } from '../ground/side.ts';
import { confirmDeletion } from '../parts/delete-dialog.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';

/** Asks, and deletes a topic with its messages for everybody. */
export async function deleteTopic({ peer, id, title }: Pick<Topic, 'peer' | 'id' | 'title'>): Promise<void> {
  const isSure = await confirmDeletion({ title: t('deleteTopic'), text: t('deleteTopicText', { title }), button: t('deleteTopic') });
  if (isSure === undefined || !(await attempt(ask('topics.delete', { peer, topic: id })))) return;
  const at = shownRoute.value;
  if (at.page === 'chat' && at.peer === peer && at.topic === id) go(chatAddress(peer), true);
}
