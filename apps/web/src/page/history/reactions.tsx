import type { FunctionComponent } from 'preact';
import type { Message } from '../../protocol/index.ts';
import { ask, peerSignal } from '../app/link.ts';
import { attempt } from '../parts/notice.tsx';
import { formatCount, t } from '../parts/text.ts';
import { mayReactIn } from './allowed.ts';

/** Sets a reaction, or takes it away if it is the one that is set. */
export const react = (message: Message, emoji: string): Promise<boolean> => attempt(ask('messages.react', { peer: message.peer, message: message.id, emoji }));

/** What others think of a message, and this account. */
export const Reactions: FunctionComponent<{ message: Message }> = ({ message }) => {
  if (!message.reactions) return null;
  const mayReact = mayReactIn(peerSignal(message.peer).value) && message.id !== 0;
  return (
    <div class="reactions" role="group" aria-label={t('reactions')}>
      {message.reactions.map(({ emoji, count, isChosen }) => (
        <button key={emoji} class="reaction" type="button" aria-pressed={isChosen} aria-label={`${emoji}, ${count}`} disabled={!mayReact} onClick={() => void react(message, emoji)}>
          <span class="emoji">{emoji}</span>
          {count > 1 && <span>{formatCount(count)}</span>}
        </button>
      ))}
    </div>
  );
};
