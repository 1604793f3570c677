import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { FoundOfKind, PeerId, SearchedKind } from '../../protocol/index.ts';
import { findingTexts } from '../../texts/en/finding.ts';
import { ask } from '../ground/link.ts';
import { addTexts, t } from '../ground/text.ts';
import { NothingFound, PeerResult, ResultHeading } from './peer-result.tsx';
import { PAUSE_MS } from './pause.ts';

addTexts(findingTexts);

/** What was found, and whether something was searched for. */
interface Found extends FoundOfKind {
  isTyped: boolean;
}

const Peers: FunctionComponent<{ label: string; heading?: string; peers: readonly PeerId[]; onOpen(): void }> = ({ label, heading, peers, onOpen }) => (
  <>
    {heading !== undefined && <ResultHeading>{heading}</ResultHeading>}
    <ul aria-label={label}>
      {peers.map((peer) => (
        <li key={peer}>
          <PeerResult peer={peer} onOpen={onOpen} />
        </li>
      ))}
    </ul>
  </>
);

/** The channels or bots that match what was typed. While nothing is typed: those of the account, and channels that it might like. */
export const KindResults: FunctionComponent<{ kind: SearchedKind; query: string; onOpen(): void }> = ({ kind, query, onOpen }) => {
  const found = useSignal<Found | undefined>(undefined);
  useEffect(() => {
    const isTyped = query.trim() !== '';
    let isCurrent = true;
    const timer = setTimeout(
      () => {
        ask('search.kind', { kind, query }).then(
          (result) => isCurrent && (found.value = { ...result, isTyped }),
          () => isCurrent && (found.value = { own: [], others: [], isTyped }),
        );
      },
      isTyped ? PAUSE_MS : 0,
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [kind, query]);
  if (!found.value) return <div class="search-results" aria-busy />;
  const { own, others, isTyped } = found.value;
  const isEmpty = own.length + others.length === 0;
  const othersName = t(isTyped ? 'foundPublicOnes' : 'youMightLike');
  return (
    <div class="search-results">
      {own.length > 0 && <Peers label={t('searchResults')} peers={own} onOpen={onOpen} />}
      {others.length > 0 && <Peers label={othersName} heading={othersName} peers={others} onOpen={onOpen} />}
      {isEmpty && (isTyped ? <NothingFound /> : <p class="empty">{t(kind === 'bots' ? 'noBotsYet' : 'noChannelsYet')}</p>)}
    </div>
  );
};
