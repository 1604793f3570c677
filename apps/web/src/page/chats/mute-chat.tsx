import type { PeerId } from '../../protocol/index.ts';
import { ask } from '../app/link.ts';
import { nowSeconds } from '../parts/dates.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../parts/text.ts';

const HOUR_S = 3600;
/** How long a chat may be muted, in seconds. */
const TIMES = [['muteHour', HOUR_S], ['muteWorkday', 8 * HOUR_S], ['muteDays', 48 * HOUR_S], ['muteForever', Infinity]] as const;
/** The latest time that the server can name. */
const LATEST = 2 ** 31 - 1;

/** Asks how long a chat is to be muted, and mutes it. */
export async function muteChat(peer: PeerId): Promise<void> {
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
  if (seconds !== undefined) await attempt(ask('chats.mute', { peer, until: Math.min(LATEST, nowSeconds() + seconds) }));
}
