import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { Avatar } from '../parts/avatar.tsx';
import { NameMark, nameOf } from '../parts/names.tsx';
import { t } from '../ground/text.ts';
import { takeListKey } from './list-keys.ts';
import type { Writer } from './writer.ts';

/** The server is asked when nothing was typed for so long, in milliseconds. */
const PAUSE_MS = 120;

/** People who can be mentioned where `@` was typed. */
export const MentionList: FunctionComponent<{ peer: PeerId; writer: Writer }> = ({ peer, writer }) => {
  const people = useSignal<readonly PeerId[]>([]);
  const at = useSignal(0);
  const left = useSignal<number | undefined>(undefined);
  const mention = writer.mention.value;
  useEffect(() => {
    if (!mention) {
      people.value = [];
      left.value = undefined;
      return undefined;
    }
    const timer = setTimeout(() => {
      ask('peers.findMentionable', { peer, query: mention.query }).then(
        (found) => {
          if (writer.mention.value !== mention) return;
          people.value = found;
          at.value = 0;
        },
        () => undefined,
      );
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [mention]);

  const isOpen = mention !== undefined && people.value.length > 0 && left.value !== mention.from;
  const choose = (person: PeerId): void => {
    if (!mention) return;
    const found = peerSignal(person).value;
    const [username] = found?.usernames ?? [];
    if (username === undefined) writer.editor?.mention(mention, found?.firstName ?? nameOf(found), person);
    else writer.editor?.mention(mention, `@${username}`);
  };
  writer.onKey = ({ key }) => isOpen && takeListKey(key, { at, length: people.value.length, choose: (index) => choose(people.value[index]!), leave: () => (left.value = mention.from) });
  if (!isOpen) return null;
  return (
    <ul class="mention-list" role="listbox" aria-label={t('mentionSomebody')} onMouseDown={(event) => event.preventDefault()}>
      {people.value.map((person, index) => {
        const found = peerSignal(person).value;
        return (
          <li key={person} role="option" aria-selected={index === at.value} ref={(element) => void (index === at.value && element?.scrollIntoView({ block: 'nearest' }))} onClick={() => choose(person)}>
            <Avatar peer={person} size="small" />
            <bdi>{nameOf(found)}</bdi>
            <NameMark of={found} />
            {found?.usernames[0] !== undefined && <small>@{found.usernames[0]}</small>}
          </li>
        );
      })}
    </ul>
  );
};
