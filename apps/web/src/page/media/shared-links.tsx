import type { FunctionComponent } from 'preact';
import type { Message, PeerId } from '../../protocol/index.ts';
import { formatDay } from '../parts/dates.ts';
import { authorName } from '../parts/names.tsx';
import { t } from '../ground/text.ts';
import { type FoundLink, linksOf } from './links-of.ts';
import { SharedList } from './shared-list.tsx';
import { useMediaList } from './use-media-list.ts';

/** The host that a link leads to, for its sign. Pure. */
function hostOf(target: string): string {
  return new URL(target).hostname.replace(/^www\./, '') || target;
}

const LinkRow: FunctionComponent<{ message: Message; link: FoundLink }> = ({ message, link: { target, title } }) => (
  <li>
    <a class="shared-link" href={target} target="_blank" rel="noopener noreferrer">
      <span class="shared-link-sign" aria-hidden="true">
        {hostOf(target).charAt(0).toUpperCase()}
      </span>
      <span class="file-names">
        <bdi class="file-name">{title ?? hostOf(target)}</bdi>
        <span class="shared-link-target" dir="ltr">
          {target}
        </span>
        <small>
          <bdi>{authorName(message.from)}</bdi> · {formatDay(message.date)}
        </small>
      </span>
    </a>
  </li>
);

/** The links of a chat. */
export const SharedLinks: FunctionComponent<{ peer: PeerId }> = ({ peer }) => {
  const list = useMediaList(peer, 'links');
  return (
    <SharedList list={list} empty={t('noLinks')}>
      <ul class="shared-rows">{list.messages.flatMap((message) => linksOf(message).map((link) => <LinkRow key={`${message.key} ${link.target}`} message={message} link={link} />))}</ul>
    </SharedList>
  );
};
