import { signal } from '@preact/signals';
import type { PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { isWide } from '../ground/wide.ts';
import { attempt } from '../parts/notice.tsx';

/** How a forum opens: as the list of its topics, as one history with topics as tabs above it, or as one history. */
export type ShownAs = 'list' | 'tabs' | 'messages';

const KEY = 'aerogram-topics';
/** Forums whose choice this browser remembers. */
const CHOICES_MAX = 100;
function readChoices(): [PeerId, 'list' | 'tabs'][] {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(read) ? (read as [PeerId, 'list' | 'tabs'][]) : [];
  } catch {
    return [];
  }
}

/** Whether somebody wants tabs or a list, by forum; the last choice first. */
const choices = signal(readChoices());

/** How a forum is shown in this window. @param asMessages what the account has chosen for all its devices */
export function shownAs(peer: PeerId, asMessages: boolean): ShownAs {
  if (asMessages) return 'messages';
  const chosen = choices.value.find(([forum]) => forum === peer)?.[1];
  // Tabs need more room than a phone has.
  return isWide.value && (chosen ?? (peerSignal(peer).value?.hasTabs ? 'tabs' : 'list')) === 'tabs' ? 'tabs' : 'list';
}

/** The ways in which this window can show a forum. */
export const waysToShow = (): ShownAs[] => (isWide.value ? ['list', 'tabs', 'messages'] : ['list', 'messages']);

/** Shows a forum in another way. That it is shown as one history all devices of the account learn. @param before how it is shown now */
export async function showAs(peer: PeerId, way: ShownAs, before: ShownAs): Promise<void> {
  if (way !== 'messages') {
    choices.value = [[peer, way] as [PeerId, 'list' | 'tabs'], ...choices.value.filter(([forum]) => forum !== peer)].slice(0, CHOICES_MAX);
    localStorage.setItem(KEY, JSON.stringify(choices.value));
  }
  if ((way === 'messages') !== (before === 'messages')) await attempt(ask('topics.viewAsMessages', { peer, asMessages: way === 'messages' }));
}
