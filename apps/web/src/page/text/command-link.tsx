import type { FunctionComponent } from 'preact';
import { useContext } from 'preact/hooks';
import { ask, peerSignal } from '../ground/link.ts';
import { attempt } from '../parts/notice.tsx';
import { ChatContext } from '../open-chat/open-chat.ts';

/** A command of a bot in a text: a click sends it, where there may be a bot that listens. */
export const CommandLink: FunctionComponent<{ command: string }> = ({ command, children }) => {
  const open = useContext(ChatContext);
  const peer = open && peerSignal(open.peer).value;
  const mayListen = peer?.isBot === true || ((peer?.kind === 'group' || peer?.kind === 'supergroup') && peer.isMember === true && peer.rights.write);
  if (!open || !mayListen) return <>{children}</>;
  const send = async (): Promise<void> => {
    if (await attempt(ask('messages.send', { peer: open.peer, thread: open.thread, text: command, entities: [] }))) void open.jump();
  };
  // The text of a button could not be selected with the text around it.
  return (
    <a class="asks" role="button" tabIndex={0} onClick={() => void send()} onKeyDown={({ key }) => key === 'Enter' && void send()}>
      {children}
    </a>
  );
};
