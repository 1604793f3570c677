import type { FunctionComponent, VNode } from 'preact';
import { useSignal } from '@preact/signals';
import type { Message } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { formatShort } from '../parts/dates.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { PagedPeople, type PeoplePage } from '../parts/paged-people.tsx';
import { type Tab, Tabs } from '../parts/tabs.tsx';
import { formatCount, t } from '../ground/text.ts';
import { ReactionGlyph, reactionName } from './reaction-glyph.tsx';

/** The tab of all reactions. */
const ALL = '';

/** Whether there is somebody to show. Of a private chat, both sides are known. */
export const canShowReactors = ({ id, peer, reactions, canSeeReactors }: Message): boolean => id !== 0 && canSeeReactors === true && reactions !== undefined && peerSignal(peer).value?.kind !== 'user';

const tabOf = (emoji: string, count: number): VNode => (
  <>
    <ReactionGlyph emoji={emoji} /> {formatCount(count)}
  </>
);

const WhoReacted: FunctionComponent<{ message: Message; close(): void }> = ({ message: { peer, id, reactions = [] }, close }) => {
  const chosen = useSignal<string>(ALL);
  const total = reactions.reduce((sum, { count }) => sum + count, 0);
  const all = `${t('allReactions')} ${formatCount(total)}`;
  const tabs: (Tab<string> & { name: string })[] = [{ id: ALL, title: all, name: all }, ...reactions.map(({ emoji, count }) => ({ id: emoji, title: tabOf(emoji, count), name: `${reactionName(emoji)} ${formatCount(count)}` }))];
  const load = async (offset?: string): Promise<PeoplePage> => {
    const { reactors, next } = await ask('reactions.people', { peer, message: id, emoji: chosen.value === ALL ? undefined : chosen.value, offset });
    return { people: reactors.map((reactor) => ({ peer: reactor.peer, line: `${reactionName(reactor.emoji)} ${formatShort(reactor.date)}` })), next };
  };
  return (
    <Dialog title={t('whoReacted')} onClose={close}>
      <Tabs label={t('reactions')} tabs={tabs} chosen={chosen.value} onChoose={(tab) => (chosen.value = tab)} />
      <div role="tabpanel" aria-label={tabs.find((tab) => tab.id === chosen.value)?.name}>
        <PagedPeople key={chosen.value} label={t('whoReacted')} empty={t('nothingFound')} load={load} onOpen={close} />
      </div>
    </Dialog>
  );
};

/** Shows who has reacted to a message. */
export async function showReactors(message: Message): Promise<void> {
  await openDialog((close) => <WhoReacted message={message} close={() => close()} />);
}
