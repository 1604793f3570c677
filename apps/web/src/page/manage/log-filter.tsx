import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { LogKind, PeerId } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { Boxes } from '../parts/boxes.tsx';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { personName } from '../parts/person-row.tsx';

/** Which events are shown: of these kinds, by these people; absent: all. */
export interface LogFilter {
  kinds?: LogKind[];
  by?: PeerId[];
}

const KINDS = {
  people: 'logOfPeople',
  restrictions: 'logOfRestrictions',
  admins: 'logOfAdmins',
  info: 'logOfInfo',
  settings: 'logOfSettings',
  links: 'linksTitle',
  pinned: 'logOfPins',
  edited: 'logOfEdits',
  deleted: 'logOfDeletions',
  topics: 'topics',
} as const;

const ALL = Object.keys(KINDS) as LogKind[];

const FilterDialog: FunctionComponent<{ peer: PeerId; filter: LogFilter; close(filter?: LogFilter): void }> = ({ peer, filter, close }) => {
  const { members = [] } = useView('members', { peer, query: '', kind: 'admins' }).state.value;
  const kinds = useSignal(filter.kinds ?? ALL);
  const by = useSignal(filter.by ?? []);
  const apply = (): void => close({ ...(kinds.value.length === ALL.length ? {} : { kinds: kinds.value }), ...(by.value.length === 0 ? {} : { by: by.value }) });
  return (
    <Dialog title={t('filter')} onClose={() => close()} className="log-filter">
      <Boxes title={t('logKinds')} options={ALL.map((id) => ({ id, text: t(KINDS[id]) }))} chosen={kinds.value} onChange={(chosen) => (kinds.value = chosen)} />
      <Boxes title={t('adminsTitle')} options={members.map(({ peer: id }) => ({ id, text: personName(id) }))} chosen={by.value} onChange={(chosen) => (by.value = chosen)} />
      <div class="dialog-buttons">
        <button class="button" type="button" disabled={kinds.value.length === 0} onClick={apply}>
          {t('logApply')}
        </button>
      </div>
    </Dialog>
  );
};

/** Lets the person choose which events they want to see. No chosen admin means everybody. @returns undefined if nothing was chosen */
export const chooseFilter = (peer: PeerId, filter: LogFilter): Promise<LogFilter | undefined> => openDialog<LogFilter>((close) => <FilterDialog peer={peer} filter={filter} close={close} />);
