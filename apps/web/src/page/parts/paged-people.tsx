import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PeerId } from '../../protocol/index.ts';
import { attempt } from './notice.tsx';
import { PersonRow } from './person-row.tsx';
import { t } from '../ground/text.ts';

/** People who are listed at most. */
const ROWS_MAX = 400;

/** A page of a list of people. */
export interface PeoplePage {
  people: { peer: PeerId; line: string }[];
  /** Names the next page; undefined after the last one. */
  next?: string;
}

interface PagedPeopleProps {
  label: string;
  /** What is said if there is nobody. */
  empty: string;
  load(offset?: string): Promise<PeoplePage>;
  /** Somebody was chosen, whose chat is shown now. */
  onOpen(): void;
}

/** People of whom a page is loaded at a time. */
export const PagedPeople: FunctionComponent<PagedPeopleProps> = ({ label, empty, load, onOpen }) => {
  const shown = useSignal<PeoplePage | undefined>(undefined);
  const isBusy = useSignal(false);
  const more = async (): Promise<void> => {
    if (isBusy.value) return;
    isBusy.value = true;
    const asked = load(shown.value?.next);
    if (await attempt(asked)) {
      const { people, next } = await asked;
      const all = [...(shown.value?.people ?? []), ...people];
      shown.value = { people: all, next: all.length < ROWS_MAX ? next : undefined };
    }
    isBusy.value = false;
  };
  useEffect(() => void more(), []);
  const { people, next } = shown.value ?? {};
  return (
    <>
      <ul class="people" aria-label={label} aria-busy={isBusy.value}>
        {people?.map(({ peer, line }, at) => (
          <li key={at}>
            <PersonRow peer={peer} line={line} onOpen={onOpen} />
          </li>
        ))}
      </ul>
      {people?.length === 0 && <p class="empty">{empty}</p>}
      {next !== undefined && (
        <button class="link more-results" type="button" onClick={() => void more()}>
          {t('moreMembers')}
        </button>
      )}
    </>
  );
};
