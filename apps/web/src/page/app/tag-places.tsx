import type { FunctionComponent } from 'preact';
import type { PeerId } from '../../protocol/index.ts';
import { leaveAddress } from '../ground/side.ts';
import { t } from '../ground/text.ts';
import { SideHeader } from '../parts/side-header.tsx';
import { useLoaded } from '../parts/use-loaded.ts';

const loadPages = () => import('../search/tag-pages.tsx');

/** The messages of all chats that have a hashtag. */
export const TagSidePlace: FunctionComponent<{ tag: string }> = ({ tag }) => {
  const pages = useLoaded(loadPages);
  return pages ? <pages.TagSide tag={tag} back={leaveAddress()} /> : <SideHeader title={tag} back={leaveAddress()} />;
};

/** The messages of one chat that have a hashtag. */
export const TagPlace: FunctionComponent<{ tag: string; peer: PeerId }> = ({ tag, peer }) => {
  const pages = useLoaded(loadPages);
  return pages ? <pages.TagPage tag={tag} peer={peer} /> : <main class="chat" aria-label={t('loading')} aria-busy />;
};
