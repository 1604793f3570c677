import type { ComponentType, FunctionComponent } from 'preact';
import Copy from 'lucide-static/icons/copy.svg';
import Flag from 'lucide-static/icons/flag.svg';
import Forward from 'lucide-static/icons/forward.svg';
import Trash from 'lucide-static/icons/trash-2.svg';
import X from 'lucide-static/icons/x.svg';
import { peerSignal } from '../ground/link.ts';
import { copyText } from '../parts/copy-text.ts';
import { nowSeconds } from '../parts/dates.ts';
import { t } from '../ground/text.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { allowedOn } from '../open-chat/allowed.ts';
import { askToDelete } from './delete-messages.ts';
import { askToForward } from './forward-dialog.tsx';
import { useOpenChat } from '../open-chat/open-chat.ts';
import { askToReport } from './report-dialog.tsx';

const Action: FunctionComponent<{ name: TextKey; icon: ComponentType; isOff: boolean; act(): void }> = ({ name, icon: Icon, isOff, act }) => (
  <button class="selection-action" type="button" disabled={isOff} onClick={act}>
    <Icon />
    <span>{t(name)}</span>
  </button>
);

/** What can be done with all messages that are selected. */
export const SelectionBar: FunctionComponent = () => {
  const open = useOpenChat();
  const messages = open.selectedMessages;
  const allowed = messages.map((message) => allowedOn(message, peerSignal(message.peer).value, nowSeconds()));
  const isOff = (act: 'forward' | 'report' | 'delete' | 'copy'): boolean => (act === 'copy' ? !allowed.some(({ copy }) => copy) : !allowed.every((each) => each[act]));
  const finish = async (act: Promise<boolean>): Promise<void> => {
    if (await act) open.stopSelecting();
  };
  const copy = async (): Promise<boolean> => {
    await copyText(messages.filter((_, index) => allowed[index]!.copy).map(({ text }) => text).join('\n\n'));
    return true;
  };
  return (
    <div class="selection-bar" role="toolbar" aria-label={t('selectedMessages')}>
      <button class="round" type="button" aria-label={t('cancelSelection')} onClick={() => open.stopSelecting()}>
        <X />
      </button>
      <output class="selection-count">{t('selectedCount', { n: messages.length })}</output>
      <Action name="copy" icon={Copy} isOff={isOff('copy')} act={() => void finish(copy())} />
      <Action name="forward" icon={Forward} isOff={isOff('forward')} act={() => void finish(askToForward(messages))} />
      {allowed.some(({ report }) => report) && <Action name="report" icon={Flag} isOff={isOff('report')} act={() => void finish(askToReport(messages))} />}
      <Action name="delete" icon={Trash} isOff={isOff('delete')} act={() => void finish(askToDelete(messages))} />
    </div>
  );
};
