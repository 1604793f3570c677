import type { FunctionComponent } from 'preact';
import { type Signal, useSignal } from '@preact/signals';
import type { Peer, PeerId } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { Chips } from '../parts/chips.tsx';
import { nameOf } from '../parts/names.tsx';
import { PersonFace } from '../parts/person-row.tsx';
import { SearchBox } from '../parts/search-box.tsx';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { useFoundPeers } from './use-found-peers.ts';
import { isNamed } from './is-named.ts';
import { isPerson } from './is-person.ts';

interface PeoplePickerProps {
  chosen: Signal<PeerId[]>;
  /** Are not offered. */
  without?: readonly PeerId[];
  /** Who is offered; by default all people. */
  fits?(peer: Peer): boolean;
  /** How many can be chosen. */
  max?: number;
}

/** Chooses people: contacts, those one has a chat with, and everybody who is found by a public name or a number; and whatever else is wanted. */
export const PeoplePicker: FunctionComponent<PeoplePickerProps> = ({ chosen, without = [], fits = isPerson, max = Infinity }) => {
  const { people = [] } = useView('contacts', {}).state.value;
  const lists = [useView('chats', { list: 'main' }), useView('chats', { list: 'archive' })];
  const chats = lists.flatMap((view) => view.state.value.order ?? []);
  const query = useSignal('');
  const wanted = query.value.trim();
  const found = useFoundPeers(wanted);
  const offered = [...new Set([...[...people, ...chats].filter((id) => isNamed(peerSignal(id).value, wanted)), ...(found ?? [])])].filter((id) => {
    const peer = peerSignal(id).value;
    return peer !== undefined && fits(peer) && !without.includes(id);
  });
  const isFull = chosen.value.length >= max;
  const toggle = (id: PeerId): void => {
    if (!chosen.value.includes(id)) query.value = '';
    chosen.value = chosen.value.includes(id) ? chosen.value.filter((each) => each !== id) : [...chosen.value, id];
  };
  return (
    <div class="picker">
      <Chips label={t('chosenPeople')} peers={chosen.value} nameOf={(id) => nameOf(peerSignal(id).value)} onTake={toggle} />
      <SearchBox label={t('searchPeople')} query={query} />
      <ul class="people" aria-label={t('people')}>
        {offered.map((id) => (
          <li key={id}>
            <label class="person person-row person-choice">
              <PersonFace peer={id} />
              <input class="tick" type="checkbox" aria-label={nameOf(peerSignal(id).value)} checked={chosen.value.includes(id)} disabled={isFull && !chosen.value.includes(id)} onChange={() => toggle(id)} />
            </label>
          </li>
        ))}
      </ul>
      {offered.length === 0 && <p class="empty">{t(wanted === '' ? 'searchPeopleText' : 'nothingFound')}</p>}
    </div>
  );
};
