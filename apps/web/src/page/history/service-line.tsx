import type { FunctionComponent } from 'preact';
import type { Message, Snippet } from '../../protocol/index.ts';
import { callPerson } from '../ground/calls.ts';
import { describeService } from '../parts/service.ts';
import { OnlyRead } from '../parts/only-read.tsx';
import { describeSnippet } from '../parts/snippet.ts';
import { t } from '../ground/text.ts';
import { useOpenChat } from '../open-chat/open-chat.ts';

/** A line that the server wrote. That something was pinned leads there. */
export const ServiceLine: FunctionComponent<{ message: Message; replied: Record<string, Snippet | undefined> }> = ({ message, replied }) => {
  const open = useOpenChat();
  const { service, from, replyTo, peer } = message;
  if (!service) return null;
  if (service.kind === 'call') {
    return (
      <p class="service">
        <button type="button" dir="auto" onClick={() => callPerson(peer, service.isVideo)}>
          {describeService(service, from)}
          <OnlyRead>, {t('callBack')}</OnlyRead>
        </button>
      </p>
    );
  }
  const pinned = service.kind === 'pinned' && replyTo ? replied[`${peer}:${replyTo.id}`] : undefined;
  if (!pinned) {
    return (
      <p class="service">
        <span dir="auto">{describeService(service, from)}</span>
      </p>
    );
  }
  return (
    <p class="service">
      <button type="button" dir="auto" onClick={() => void open.jump({ message: { peer, id: pinned.id } })}>
        {describeService(service, from)}: {t('quoted', { text: describeSnippet(pinned) })}
      </button>
    </p>
  );
};
