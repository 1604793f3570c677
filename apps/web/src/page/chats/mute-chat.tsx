import type { MessageId, PeerId } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { nowSeconds } from '../parts/dates.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';

const HOUR_S = 3600;
/** How long a chat or topic may be muted, in seconds. */
const TIMES = [['muteHour', HOUR_S], ['muteWorkday', 8 * HOUR_S], ['muteDays', 48 * HOUR_S], ['muteForever', Infinity]] as const;
/** The latest time that the server can name. */
const LATEST = 2 ** 31 - 1;

/** Asks how long something is to be muted. @returns until when; undefined if it is not to be muted */
async function askUntil(): Promise<number | undefined> {
  const seconds = await openDialog<number>((close) => (
    <Dialog title={t('mute')} onClose={() => close()}>
      <ul class="choices">
        {TIMES.map(([name, time], index) => (
          <li key={name}>
            <button type="button" autofocus={index === 0} onClick={() => close(time)}>
              {t(name)}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  ));
  return seconds === undefined ? undefined : Math.min(LATEST, nowSeconds() + seconds);
}

/** Asks how long a chat is to be muted, and mutes it. */
export async function muteChat(peer: PeerId): Promise<void> {
  const until = await askUntil();
  if (until !== undefined) await attempt(ask('chats.mute', { peer, until }));
}

/** Asks how long a topic is to be muted, and mutes it. */
export async function muteTopic(peer: PeerId, topic: MessageId): Promise<void> {
  const until = await askUntil();
  if (until !== undefined) await attempt(ask('topics.mute', { peer, topic, until }));
}
