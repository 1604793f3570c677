import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { InlineResult, InlineResults, PeerId } from '../../protocol/index.ts';
import { ask } from '../app/link.ts';
import { attempt } from '../parts/notice.tsx';
import { t } from '../parts/text.ts';
import { takeListKey } from './list-keys.ts';
import type { Writer } from './writer.ts';

/** The bot is asked when nothing was typed for so long, in milliseconds. */
const PAUSE_MS = 400;

/** What a bot offers for what is written after its username. */
export const InlineList: FunctionComponent<{ peer: PeerId; writer: Writer }> = ({ peer, writer }) => {
  const found = useSignal<InlineResults | undefined>(undefined);
  const at = useSignal(0);
  const isBusy = useSignal(false);
  const asked = writer.inline.value;
  useEffect(() => {
    found.value = undefined;
    if (!asked) return undefined;
    const timer = setTimeout(() => {
      ask('bots.findResults', { peer, ...asked }).then(
        (results) => {
          if (writer.inline.value !== asked) return;
          found.value = results;
          at.value = 0;
        },
        // A bot that does not answer leaves the text as it is.
        () => undefined,
      );
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [asked]);

  const results = found.value?.results ?? [];
  const isOpen = asked !== undefined && results.length > 0;
  const choose = async ({ id }: InlineResult): Promise<void> => {
    if (isBusy.value || !found.value) return;
    isBusy.value = true;
    if (await attempt(ask('bots.sendResult', { peer, set: found.value.set, result: id, ...writer.context }))) writer.noteResult();
    isBusy.value = false;
  };
  writer.onInlineKey = ({ key, shiftKey }) =>
    isOpen && !shiftKey && takeListKey(key, { at, length: results.length, choose: (index) => void choose(results[index]!), leave: () => (found.value = undefined) });
  if (!isOpen) return null;
  return (
    <ul class="mention-list" role="listbox" aria-label={t('inlineResults', { name: `@${asked.username}` })} onMouseDown={(event) => event.preventDefault()}>
      {results.map((result, index) => (
        <li key={result.id} role="option" aria-selected={index === at.value} ref={(element) => void (index === at.value && element?.scrollIntoView({ block: 'nearest' }))} onClick={() => void choose(result)}>
          <bdi>{result.title}</bdi>
          {result.description !== undefined && (
            <small>
              <bdi>{result.description}</bdi>
            </small>
          )}
        </li>
      ))}
    </ul>
  );
};
