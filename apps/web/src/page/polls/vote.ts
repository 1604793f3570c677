import type { Signal } from '@preact/signals';
import type { Message } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { attempt } from '../parts/notice.tsx';

/** Votes in the poll of a message; without options, the vote is taken back. @param isBusy says that the server has not answered */
export async function vote({ peer, id }: Message, options: string[], isBusy?: Signal<boolean>): Promise<void> {
  if (isBusy?.value) return;
  if (isBusy) isBusy.value = true;
  await attempt(ask('polls.vote', { peer, message: id, options }));
  if (isBusy) isBusy.value = false;
}
