import type { FunctionComponent } from 'preact';
import type { Message, ServiceAction, Snippet } from '../../protocol/index.ts';
import { chatAddress } from '../ground/route.ts';
import { describeService } from '../parts/service.ts';
import { describeSnippet } from '../parts/snippet.ts';
import { t } from '../ground/text.ts';
import { useOpenChat } from '../open-chat/open-chat.ts';

/** The line that says that a basic group became a supergroup. It stands in both histories, and is a link to the other one. */
const SeamLine: FunctionComponent<{ service: Extract<ServiceAction, { kind: 'upgraded' }> }> = ({ service }) => (
  <p class="service">
    <a href={chatAddress('to' in service ? service.to : service.from)}>
      {t('serviceUpgraded')}: {t('to' in service ? 'openSupergroup' : 'earlierMessages')}
    </a>
  </p>
);

/** A line that the server wrote. That something was pinned leads there. */
export const ServiceLine: FunctionComponent<{ message: Message; replied: Record<string, Snippet | undefined> }> = ({ message, replied }) => {
  const open = useOpenChat();
  const { service, from, replyTo, peer } = message;
  if (!service) return null;
  if (service.kind === 'upgraded') return <SeamLine service={service} />;
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
      <button type="button" dir="auto" onClick={() => void open.jump({ message: pinned.id })}>
        {describeService(service, from)}: {t('quoted', { text: describeSnippet(pinned) })}
      </button>
    </p>
  );
};
