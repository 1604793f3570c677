import { signal } from '@preact/signals';
import { noticeTag, type PeerId, type Snippet } from '../../protocol/index.ts';
import { authorName, nameOf } from '../parts/names.tsx';
import { describeRefusal } from '../parts/errors.ts';
import { notify } from '../parts/notice.tsx';
import { describeSnippet } from '../parts/snippet.ts';
import { t } from '../ground/text.ts';
import { onAlert, onRefused, peerSignal } from '../ground/link.ts';
import { chatAddress, go } from '../ground/route.ts';
import { shownRoute } from '../ground/side.ts';
import { playSound, soundIsOn } from './sound.ts';

/** Whether the browser shows notifications of this page. It never does if the page came over plain HTTP (`insecure`), or if tabs have none, as on an iPhone (`absent`). */
type NotificationState = NotificationPermission | 'insecure' | 'absent';

/** What the browser says of notifications now. */
function readNotificationState(): NotificationState {
  if (!isSecureContext) return 'insecure';
  return 'Notification' in window ? Notification.permission : 'absent';
}

export const notificationState = signal<NotificationState>(readNotificationState());

/** Asks the person, who has pressed a button for it. */
export async function askForNotifications(): Promise<void> {
  await Notification.requestPermission();
  notificationState.value = readNotificationState();
}

function show(peer: PeerId, snippet: Snippet): void {
  const shown = peerSignal(peer).value;
  const author = shown?.kind === 'group' || shown?.kind === 'supergroup' ? `${authorName(snippet.from)}: ` : '';
  try {
    const notification = new Notification(nameOf(shown), { body: shown?.restriction ?? `${author}${describeSnippet(snippet)}`, tag: noticeTag(peer), silent: true });
    notification.onclick = () => {
      window.focus();
      go(chatAddress(peer, snippet.id));
      notification.close();
    };
  } catch {
    // Some browsers of phones have the class and allow nobody to use it.
  }
}

/** Whether somebody looks at this chat in this window. */
function isWatched(peer: PeerId): boolean {
  const at = shownRoute.value;
  return document.hasFocus() && ((at.page === 'chat' && at.tag === undefined) || at.page === 'thread') && at.peer === peer;
}

/** Tells of new messages, by a sound and, where that is allowed, by a notification; and of what the server refused of former changes. */
export function startAlerts(): void {
  onRefused((kind, refusal) => notify(t(kind === 'edit' ? 'notEdited' : 'notDeleted', { reason: describeRefusal(refusal) })));
  onAlert((peer, snippet) => {
    if (isWatched(peer)) return;
    if (soundIsOn.value) playSound();
    if (notificationState.value === 'granted' && !document.hasFocus()) show(peer, snippet);
  });
}
