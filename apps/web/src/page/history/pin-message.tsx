import type { Message } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { attempt } from '../parts/notice.tsx';

/** Pins a message. In a private chat it asks first whether the other side is to see that. */
export async function pinMessage({ peer, id }: Message): Promise<void> {
  const other = peerSignal(peer).value;
  const asks = other?.kind === 'user' && !other.isSelf;
  const isForMe = asks
    ? await openDialog<boolean>((close) => (
        <Dialog title={t('pinMessage')} onClose={() => close()}>
          <p dir="auto">{t('pinMessageText', { name: other.firstName ?? other.name })}</p>
          <div class="dialog-buttons">
            <button class="button button-plain" type="button" onClick={() => close(true)}>
              {t('pinForMe')}
            </button>
            <button class="button" type="button" onClick={() => close(false)}>
              {t('pinForBoth')}
            </button>
          </div>
        </Dialog>
      ))
    : false;
  if (isForMe !== undefined) await attempt(ask('messages.setPinned', { peer, message: id, isPinned: true, isForMe }));
}
