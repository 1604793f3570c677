import type { FunctionComponent } from 'preact';
import X from 'lucide-static/icons/x.svg';
import type { ChatView, PeerId } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { editContact } from '../people/contact-dialog.tsx';
import { blockStranger, hideStranger, reportStranger, sharePhone } from './stranger-actions.ts';

/** What one can do about a stranger, or a group into which one was brought. */
export const ActionBar: FunctionComponent<{ peer: PeerId; bar: NonNullable<ChatView['actionBar']> }> = ({ peer: id, bar: { canAdd, canBlock, canReport, canShare } }) => (
  <div class="action-bar" role="group" aria-label={t('actionBar')}>
    {canAdd && (
      <button class="link" type="button" onClick={() => void editContact(id)}>
        {t('addContact')}
      </button>
    )}
    {canShare && (
      <button class="link" type="button" onClick={() => void sharePhone(id)}>
        {t('sharePhone')}
      </button>
    )}
    {canBlock && (
      <button class="link is-dangerous" type="button" onClick={() => void blockStranger(id)}>
        {t('block')}
      </button>
    )}
    {canReport && (
      <button class="link is-dangerous" type="button" onClick={() => void reportStranger(id)}>
        {t('reportSpam')}
      </button>
    )}
    {peerSignal(id).value?.kind === 'user' && (
      <button class="round" type="button" aria-label={t('hide')} onClick={() => void hideStranger(id)}>
        <X />
      </button>
    )}
  </div>
);
