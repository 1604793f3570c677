import type { FunctionComponent } from 'preact';
import type { PeerId, Snippet } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { formatShort } from '../parts/dates.ts';
import { Marked } from '../parts/marked.tsx';
import { authorName } from '../parts/names.tsx';
import { describeSnippet } from '../parts/snippet.ts';
import { ResultRow } from './peer-result.tsx';

/** A message that was found, which leads to its place in its chat. */
export const MessageResult: FunctionComponent<{ peer: PeerId; snippet: Snippet; query: string }> = ({ peer: id, snippet, query }) => {
  const peer = peerSignal(id).value;
  const showsAuthor = !snippet.service && snippet.from !== id && (peer?.kind !== 'user' || snippet.isOut);
  return (
    <ResultRow peer={id} message={snippet.id} date={formatShort(snippet.date)}>
      {showsAuthor && <span class="author">{authorName(snippet.from)}: </span>}
      <Marked text={describeSnippet(snippet)} query={query} />
    </ResultRow>
  );
};
