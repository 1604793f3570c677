import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Message } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { offeredReactions } from './offered-reactions.ts';
import { react } from './reactions.tsx';

const ReactDialog: FunctionComponent<{ message: Message; close(emoji?: string): void }> = ({ message, close }) => {
  const offered = useSignal<readonly string[]>([]);
  useEffect(() => {
    const asked = ask('reactions.list', undefined);
    asked.then((choice) => (offered.value = offeredReactions(choice, peerSignal(message.peer).value, message)), () => undefined);
    void attempt(asked);
  }, []);
  const chosen = new Set(message.reactions?.filter(({ isChosen }) => isChosen).map(({ emoji }) => emoji));
  return (
    <Dialog title={t('react')} onClose={() => close()} className="react">
      <div class="emoji-grid">
        {offered.value.map((emoji) => (
          <button key={emoji} class="emoji-button emoji" type="button" aria-pressed={chosen.has(emoji)} onClick={() => close(emoji)}>
            {emoji}
          </button>
        ))}
      </div>
    </Dialog>
  );
};

/** Lets the person choose a reaction. */
export async function askToReact(message: Message): Promise<void> {
  const emoji = await openDialog<string>((close) => <ReactDialog message={message} close={close} />);
  if (emoji !== undefined) await react(message, emoji);
}
