import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Invitation, LinkTarget } from '../../protocol/index.ts';
import { ask, RefusedError } from '../ground/link.ts';
import { chatAddress, go, threadAddress, topicAddress } from '../ground/route.ts';
import { COLOURS, initialsOf } from '../parts/avatar.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { describeRefusal } from '../parts/errors.ts';
import { attempt } from '../parts/notice.tsx';
import { ShownPicture } from '../parts/shown-picture.tsx';
import { t } from '../ground/text.ts';
import { personName } from '../parts/person-row.tsx';
import { noteStart } from '../ground/start-params.ts';
import { readBotQuery } from '../parts/bot-query.ts';
import { readThreadQuery, type ThreadQuery } from '../parts/thread-query.ts';
import { leaveAddress } from '../ground/side.ts';
import { openSet } from '../stickers/open-set.ts';
import { askToAddBot } from './add-bot.tsx';
import { FolderDialog } from './folder-dialog.tsx';

const leave = (): void => go('#/', true);

/** What stands behind an invite link, and how one gets in. */
const InvitationDialog: FunctionComponent<{ invitation: Invitation }> = ({ invitation: { hash, title, about, isChannel, colour, members, known, photo, asksToJoin, hasAsked } }) => {
  const asked = useSignal(hasAsked);
  const isBusy = useSignal(false);
  const join = async (): Promise<void> => {
    isBusy.value = true;
    const joining = ask('links.join', { hash });
    if (await attempt(joining)) {
      const joined = await joining;
      if (joined.outcome === 'joined') go(chatAddress(joined.peer), true);
      else asked.value = true;
    }
    isBusy.value = false;
  };
  return (
    <Dialog title={t(isChannel ? 'invitedToChannel' : 'invitedToGroup')} onClose={leave} className="invitation">
      <div class="invitation-card">
        {photo ? <ShownPicture photo={photo} /> : <span class={`avatar avatar-large avatar-${colour % COLOURS}`}>{initialsOf(title)}</span>}
        <h3 class="person-title">
          <bdi>{title}</bdi>
        </h3>
        <p class="hint">{t(isChannel ? 'subscribers' : 'members', { n: members })}</p>
        {about !== undefined && (
          <p class="about" dir="auto">
            {about}
          </p>
        )}
        {known.length > 0 && <p class="hint">{t('knownMembers', { names: known.map(personName).join(', ') })}</p>}
        {asksToJoin && !asked.value && <p class="hint">{t('asksText')}</p>}
      </div>
      {asked.value ? (
        <p class="note" role="status">
          {t('hasAsked')}
        </p>
      ) : (
        <button class="button button-wide" type="button" autofocus disabled={isBusy.value} onClick={() => void join()}>
          {t(asksToJoin ? 'askToJoin' : 'join')}
        </button>
      )}
    </Dialog>
  );
};

/** Shows the set of a link. Closed, the chat that was open before is there again. */
const SetOfLink: FunctionComponent<{ name: string }> = ({ name }) => {
  useEffect(() => void openSet({ by: 'name', name }).finally(() => go(leaveAddress(), true)), []);
  return null;
};

/** Where a link to a chat leads: to its topic or thread, if the link names one. Pure. */
function addressOf({ peer, topic, message }: Extract<LinkTarget, { kind: 'chat' }>, thread: ThreadQuery | undefined): string {
  if (topic !== undefined) return topicAddress(peer, topic, message);
  if (message === undefined || !thread) return chatAddress(peer, message);
  return thread.kind === 'comment' ? threadAddress(peer, message, thread.message) : threadAddress(peer, thread.message, message);
}

/** Opens a link of this server: a chat, an invitation, or a shared folder. */
export const LinkPage: FunctionComponent<{ path: string }> = ({ path }) => {
  const found = useSignal<{ target?: LinkTarget; problem?: string }>({});
  useEffect(() => {
    let isCurrent = true;
    found.value = {};
    const [place = '', search = ''] = path.split('?', 2);
    const query = readBotQuery(search);
    ask('links.open', { path: place }).then(
      (target) => {
        if (!isCurrent) return;
        if (target.kind === 'chat') {
          if (query?.kind === 'start') noteStart(target.peer, query.param);
          go(addressOf(target, readThreadQuery(search)), true);
          if (query && query.kind !== 'start') void askToAddBot(target.peer, query);
        } else found.value = { target };
      },
      (error: unknown) => isCurrent && (found.value = { problem: error instanceof RefusedError ? describeRefusal(error.refusal) : t('errorInternal') }),
    );
    return () => void (isCurrent = false);
  }, [path]);
  const { target, problem } = found.value;
  if (target?.kind === 'invitation') return <InvitationDialog invitation={target.invitation} />;
  if (target?.kind === 'folder') return <FolderDialog folder={target.folder} onClose={leave} />;
  if (target?.kind === 'stickers') return <SetOfLink key={target.name} name={target.name} />;
  if (!target && problem === undefined) return null;
  return (
    <Dialog title={t('linkTitle')} onClose={leave}>
      <p role="alert">{problem ?? t('linkNotShown')}</p>
    </Dialog>
  );
};
