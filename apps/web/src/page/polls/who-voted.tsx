import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { Message, Poll } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { formatShort } from '../parts/dates.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { PagedPeople, type PeoplePage } from '../parts/paged-people.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { formatCount, t } from '../ground/text.ts';

const WhoVoted: FunctionComponent<{ message: Message; poll: Poll; close(): void }> = ({ message: { peer, id }, poll: { answers, question }, close }) => {
  const chosen = useSignal((answers.find(({ voters }) => voters !== undefined && voters > 0) ?? answers[0])?.option);
  const option = chosen.value;
  const load = async (offset?: string): Promise<PeoplePage> => {
    const { voters, next } = await ask('polls.voters', { peer, message: id, option: option!, offset });
    return { people: voters.map((voter) => ({ peer: voter.peer, line: formatShort(voter.date) })), next };
  };
  return (
    <Dialog title={t('whoVoted')} onClose={close}>
      <p dir="auto">{question}</p>
      <Tabs label={t('pollAnswers')} tabs={answers.map(({ option: each, text, voters = 0 }) => ({ id: each, title: `${text} ${formatCount(voters)}` }))} chosen={option} onChoose={(each) => (chosen.value = each)} />
      <div role="tabpanel" aria-label={answers.find((answer) => answer.option === option)?.text}>
        {option !== undefined && <PagedPeople key={option} label={t('whoVoted')} empty={t('nobodyVoted')} load={load} onOpen={close} />}
      </div>
    </Dialog>
  );
};

/** Shows who has voted for what in a public poll. */
export async function showVoters(message: Message, poll: Poll): Promise<void> {
  await openDialog((close) => <WhoVoted message={message} poll={poll} close={() => close()} />);
}
