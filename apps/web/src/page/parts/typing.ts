import type { Peer, Typing } from '../../protocol/index.ts';
import { authorName } from './names.tsx';
import { t } from '../ground/text.ts';

/** Says who is doing what in a chat. */
export function describeTyping(typing: Typing[], peer: Peer | undefined): string {
  const [first] = typing;
  if (!first) return '';
  if (peer?.kind === 'user') return t(first.action);
  return typing.length === 1 ? t('typingName', { name: authorName(first.user) }) : t('typingMany', { n: typing.length });
}
