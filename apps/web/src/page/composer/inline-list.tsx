import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { InlineResult, InlineResults, PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { chatAddress, go } from '../ground/route.ts';
import { noteStart, noteSwitch } from '../ground/start-params.ts';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { InlineItem } from './inline-item.tsx';
import { columnsOf, takeListKey } from './list-keys.ts';
import type { Writer } from './writer.ts';

/** The bot is asked when nothing was typed for so long, in milliseconds. */
const PAUSE_MS = 400;

/** What a bot offers for what is written after its username: lines, or pictures side by side. */
export const InlineList: FunctionComponent<{ peer: PeerId; writer: Writer }> = ({ peer, writer }) => {
  const found = useSignal<InlineResults | undefined>(undefined);
  const at = useSignal(0);
  const isBusy = useSignal(false);
  const list = useRef<HTMLUListElement>(null);
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

  const { bot, results = [], isGallery = false, switchPm } = found.value ?? {};
  const hasResults = asked !== undefined && results.length > 0;
  const choose = async ({ id }: InlineResult): Promise<void> => {
    if (isBusy.value || !found.value) return;
    isBusy.value = true;
    if (await attempt(ask('bots.sendResult', { peer, set: found.value.set, result: id, ...writer.context }))) writer.noteResult();
    isBusy.value = false;
  };
  const leave = (): void => void (found.value = undefined);
  const talk = (param: string): void => {
    if (bot === undefined) return;
    noteSwitch(bot, peer);
    noteStart(bot, param);
    go(chatAddress(bot));
  };
  writer.onInlineKey = ({ key, shiftKey }) =>
    hasResults && !shiftKey && takeListKey(key, { at, length: results.length, columns: isGallery ? columnsOf(list.current) : undefined, choose: (index) => void choose(results[index]!), leave });
  if (asked === undefined || (!hasResults && !switchPm)) return null;
  return (
    <div class={`mention-list inline-list${isGallery ? ' is-gallery' : ''}`} onMouseDown={(event) => event.preventDefault()}>
      {switchPm && (
        <button class="inline-switch" type="button" dir="auto" onClick={() => talk(switchPm.param)} onKeyDown={({ key }) => key === 'Escape' && leave()}>
          {switchPm.text}
        </button>
      )}
      {hasResults && (
        <ul ref={list} role="listbox" aria-label={t('inlineResults', { name: `@${asked.username}` })}>
          {results.map((result, index) => (
            <InlineItem key={result.id} result={result} isTile={isGallery} isMarked={index === at.value} onChoose={() => void choose(result)} />
          ))}
        </ul>
      )}
    </div>
  );
};
