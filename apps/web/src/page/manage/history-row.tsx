import type { FunctionComponent } from 'preact';
import Eye from 'lucide-static/icons/eye.svg';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { Choice } from '../parts/choice.tsx';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { InfoAction } from '../parts/info-card.tsx';
import { useSaved } from '../parts/use-saved.ts';
import { changeSupergroup } from './need-supergroup.ts';
import type { ManagePageProps } from './page-props.ts';

type Sight = 'shown' | 'hidden';

const ChooseHistory: FunctionComponent<{ sight: Sight; close(sight?: Sight): void }> = ({ sight, close }) => (
  <Dialog title={t('historyForNew')} onClose={() => close()}>
    <Choice<Sight>
      title={t('historyForNew')}
      name="history"
      options={[
        { id: 'shown', text: t('historyShown') },
        { id: 'hidden', text: t('historyHidden') },
      ]}
      chosen={sight}
      onChoose={close}
    />
    <p class="hint">{t('historyText')}</p>
  </Dialog>
);

/** Whether new members see what was written before they came. */
export const HistoryRow: FunctionComponent<ManagePageProps> = ({ id, details: { settings } }) => {
  const sight: Sight = settings?.hidesHistory ? 'hidden' : 'shown';
  const { isBusy, set } = useSaved<Sight>(sight, (next) => changeSupergroup(id, (peer) => ask('manage.setSwitch', { peer, which: 'hideHistory', isOn: next === 'hidden' })));
  const choose = async (): Promise<void> => {
    const chosen = await openDialog<Sight>((close) => <ChooseHistory sight={sight} close={close} />);
    if (chosen !== undefined && chosen !== sight) set(chosen);
  };
  return <InfoAction icon={Eye} text={t('historyForNew')} value={t(sight === 'hidden' ? 'historyHidden' : 'historyShown')} isBusy={isBusy} act={() => void choose()} />;
};
