import type { FunctionComponent } from 'preact';
import X from 'lucide-static/icons/x.svg';
import type { ChatView, PeerId, QuestionName, Said } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { confirm } from '../parts/dialog.tsx';
import { nameOf } from '../parts/names.tsx';
import { attempt, tell } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { editContact } from '../people/contact-dialog.tsx';
import { leaveChat } from './delete-chat.ts';

/** What one can do about a stranger, or a group into which one was brought. */
export const ActionBar: FunctionComponent<{ peer: PeerId; bar: NonNullable<ChatView['actionBar']> }> = ({ peer: id, bar: { canAdd, canBlock, canReport, canShare } }) => {
  const peer = peerSignal(id).value;
  const name = nameOf(peer);
  const isPerson = peer?.kind === 'user';
  const sure = async <Name extends QuestionName>(asked: { title: string; text: string }, name_: Name, say: Said<Name>): Promise<boolean> =>
    (await confirm({ ...asked, button: asked.title })) && (await attempt(ask(name_, say)));
  const report = async (): Promise<void> => {
    if (!(await sure({ title: t('reportSpam'), text: t('reportText', { name }) }, 'people.reportSpam', { peer: id }))) return;
    tell(t('reported'));
    if (!isPerson) await leaveChat(id);
  };
  return (
    <div class="action-bar" role="group" aria-label={t('actionBar')}>
      {canAdd && (
        <button class="link" type="button" onClick={() => void editContact(id)}>
          {t('addContact')}
        </button>
      )}
      {canShare && (
        <button class="link" type="button" onClick={() => void sure({ title: t('sharePhone'), text: t('sharePhoneText', { name }) }, 'people.sharePhone', { user: id })}>
          {t('sharePhone')}
        </button>
      )}
      {canBlock && (
        <button class="link is-dangerous" type="button" onClick={() => void sure({ title: t('block'), text: t('blockText', { name }) }, 'people.setBlocked', { peer: id, isBlocked: true })}>
          {t('block')}
        </button>
      )}
      {canReport && (
        <button class="link is-dangerous" type="button" onClick={() => void report()}>
          {t('reportSpam')}
        </button>
      )}
      {isPerson && (
        <button class="round" type="button" aria-label={t('hide')} onClick={() => void attempt(ask('people.hideBar', { peer: id }))}>
          <X />
        </button>
      )}
    </div>
  );
};
