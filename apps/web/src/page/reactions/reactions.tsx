import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import type { Message } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { Avatar } from '../parts/avatar.tsx';
import { attempt } from '../parts/notice.tsx';
import { formatCount, t } from '../ground/text.ts';
import { prefersStill } from '../motion/use-in-sight.ts';
import { mayReactIn } from '../open-chat/allowed.ts';
import { isAllowedIn } from './offered-reactions.ts';
import { ReactionEffect } from './reaction-effect.tsx';
import { ReactionGlyph, reactionName } from './reaction-glyph.tsx';

/** The reaction that the account has just given, while its animation is played. */
const given = signal<{ key: string; emoji: string } | undefined>(undefined);

/** Gives a reaction, or takes it back if it was given. */
export async function react({ key, peer, id, reactions }: Message, emoji: string): Promise<boolean> {
  const wasGiven = reactions?.some((reaction) => reaction.emoji === emoji && reaction.isChosen) === true;
  const isDone = await attempt(ask('reactions.toggle', { peer, message: id, emoji }));
  if (isDone && !wasGiven && !prefersStill()) given.value = { key, emoji };
  return isDone;
}

/** So many people of a group are shown by their faces. If more have given a reaction, their number is. */
const FACES_MAX = 3;

/** What others think of a message, and this account. */
export const Reactions: FunctionComponent<{ message: Message }> = ({ message }) => {
  if (!message.reactions) return null;
  const peer = peerSignal(message.peer).value;
  const isGroup = peer?.kind === 'group' || peer?.kind === 'supergroup';
  const mayReact = mayReactIn(peer) && message.id !== 0;
  return (
    <div class="reactions" role="group" aria-label={t('reactions')}>
      {message.reactions.map(({ emoji, count, isChosen, people }) => (
        <button key={emoji} class="reaction" type="button" aria-pressed={isChosen} aria-label={`${reactionName(emoji)}, ${count}`} disabled={!mayReact || !(isChosen || isAllowedIn(peer, emoji))} onClick={() => void react(message, emoji)}>
          <span class="emoji">
            <ReactionGlyph emoji={emoji} />
            {isChosen && given.value?.key === message.key && given.value.emoji === emoji && <ReactionEffect emoji={emoji} onEnd={() => (given.value = undefined)} />}
          </span>
          {isGroup && people && people.length <= FACES_MAX ? (
            <span class="faces">
              {people.map((person) => (
                <Avatar key={person} peer={person} size="small" isPerson />
              ))}
            </span>
          ) : (
            count > 1 && <span>{formatCount(count)}</span>
          )}
        </button>
      ))}
    </div>
  );
};
