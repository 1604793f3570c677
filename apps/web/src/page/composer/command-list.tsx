import type { FunctionComponent } from 'preact';
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { BotCommand } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { useOpenChat } from '../open-chat/open-chat.ts';
import { Avatar } from '../parts/avatar.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { findCommands, type OfferedCommand } from './find-commands.ts';
import { takeListKey } from './list-keys.ts';
import type { Writer } from './writer.ts';

interface CommandListProps {
  /** Of all bots in the chat. */
  commands: readonly BotCommand[];
  writer: Writer;
  /** Whether all are shown by the button beside the field. */
  isMenu: Signal<boolean>;
}

/** What bots can be told: all of it, or what begins with what is written after a slash. */
export const CommandList: FunctionComponent<CommandListProps> = ({ commands, writer, isMenu }) => {
  const open = useOpenChat();
  const at = useSignal(0);
  const isLeft = useSignal(false);
  const list = useRef<HTMLUListElement>(null);
  const query = isMenu.value ? undefined : writer.command.value;
  const isGroup = peerSignal(open.peer).value?.kind !== 'user';
  const isAsked = isMenu.value || (query !== undefined && !isLeft.value);
  const found = isAsked ? findCommands(commands, query, (bot) => (isGroup ? peerSignal(bot).value?.usernames[0] : undefined)) : [];
  const isOpen = found.length > 0;
  useEffect(() => {
    at.value = 0;
    if (query === undefined) isLeft.value = false;
  }, [query, isMenu.value]);
  // Before it is painted, so that a key pressed at once is for the list.
  useLayoutEffect(() => {
    if (isMenu.value && isOpen) list.current?.focus();
  }, [isMenu.value, isOpen]);

  const closeMenu = (): void => {
    isMenu.value = false;
    if (matchMedia('(hover: hover)').matches) open.focusComposer();
  };
  const choose = async ({ text }: OfferedCommand): Promise<void> => {
    if (!isMenu.value) {
      await writer.sendCommand(text);
      return;
    }
    // What is written stays.
    closeMenu();
    if (await attempt(ask('messages.send', { peer: open.peer, thread: open.thread, text, entities: [] }))) void open.jump();
  };
  const takeKey = (key: string): boolean =>
    takeListKey(key, { at, length: found.length, choose: (index) => void choose(found[index]!), leave: () => (isMenu.value ? closeMenu() : (isLeft.value = true)) });
  writer.onCommandKey = ({ key, shiftKey }) => {
    if (!isOpen || isMenu.value || shiftKey) return false;
    if (key !== 'Tab') return takeKey(key);
    open.fillComposer(`${(found[at.value] ?? found[0]!).text} `);
    return true;
  };
  const onMenuKey = (event: KeyboardEvent): void => {
    // Tab leaves the list, which closes it.
    if (event.key === 'Tab' || !takeKey(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  if (!isOpen) return null;
  return (
    <ul
      ref={list}
      class="mention-list command-list"
      role="listbox"
      aria-label={t('botCommands')}
      aria-activedescendant={`command-${at.value}`}
      tabIndex={-1}
      onMouseDown={(event) => event.preventDefault()}
      onKeyDown={onMenuKey}
      onBlur={() => (isMenu.value = false)}
    >
      {found.map((command, index) => (
        <li key={command.text} id={`command-${index}`} role="option" aria-selected={index === at.value} ref={(element) => void (index === at.value && element?.scrollIntoView({ block: 'nearest' }))} onClick={() => void choose(command)}>
          {isGroup && <Avatar peer={command.bot} size="small" />}
          <bdi>{command.text}</bdi>
          <small>
            <bdi>{command.description}</bdi>
          </small>
        </li>
      ))}
    </ul>
  );
};
