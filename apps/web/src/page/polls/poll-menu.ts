import CircleStop from 'lucide-static/icons/circle-stop.svg';
import Undo from 'lucide-static/icons/undo-2.svg';
import type { Message } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { nowSeconds } from '../parts/dates.ts';
import { confirm } from '../parts/dialog.tsx';
import type { MenuItem } from '../parts/menu.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { hasVoted, isClosedNow, isPast } from './results.ts';
import { vote } from './vote.ts';

async function stop({ peer, id }: Message): Promise<void> {
  if (await confirm({ title: t('stopPoll'), text: t('stopPollText'), button: t('stopPoll'), isDangerous: true })) await attempt(ask('polls.close', { peer, message: id }));
}

/** What can be done with the poll of a message, beside voting. */
export function pollMenu(message: Message): MenuItem[] {
  const poll = message.media?.kind === 'poll' ? message.media.poll : undefined;
  if (!poll || isClosedNow(poll, nowSeconds()) || isPast(peerSignal(message.peer).value)) return [];
  const items: (MenuItem | false)[] = [
    hasVoted(poll) && !poll.isQuiz && !poll.isFinal && { name: t('retractVote'), icon: Undo, act: () => void vote(message, []) },
    poll.isOwn === true && !message.forwarded && { name: t('stopPoll'), icon: CircleStop, act: () => void stop(message) },
  ];
  return items.filter((item) => item !== false);
}
