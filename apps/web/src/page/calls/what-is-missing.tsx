import type { TextKey } from '../../texts/en/index.ts';
import { t } from '../ground/text.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';

/** What the browser lacks for calls, in words; undefined if it has all. Over plain HTTP, browsers give pages of other machines no microphone. */
export function whatIsMissing(): TextKey | undefined {
  if (!isSecureContext || !navigator.mediaDevices) return 'callsInsecure';
  return 'RTCPeerConnection' in window ? undefined : 'callsUnsupported';
}

/** Says why there can be no call. */
export async function explainMissing(text: TextKey): Promise<void> {
  await openDialog((close) => (
    <Dialog title={t('calls')} onClose={() => close()}>
      <p>{t(text)}</p>
      <div class="dialog-buttons">
        <button class="button" type="button" onClick={() => close()}>
          {t('close')}
        </button>
      </div>
    </Dialog>
  ));
}
