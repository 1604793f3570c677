import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import Plus from 'lucide-static/icons/plus.svg';
import Unlink from 'lucide-static/icons/unlink.svg';
import type { PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { chatAddress } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { confirm, Dialog, openDialog } from '../parts/dialog.tsx';
import { Field, Form } from '../parts/form.tsx';
import { InfoAction, InfoCard } from '../parts/info-card.tsx';
import { nameOf } from '../parts/names.tsx';
import { attempt } from '../parts/notice.tsx';
import { PersonFace, PersonRow } from '../parts/person-row.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { changeSupergroup } from './need-supergroup.ts';
import type { ManagePageProps } from './page-props.ts';

const REASONS = { topics: 'discussionHasTopics', linked: 'discussionTaken' } as const;

const name = (peer: PeerId): string => nameOf(peerSignal(peer).value);

async function choose(channel: PeerId, group: PeerId): Promise<void> {
  const isSure = await confirm({ title: t('setDiscussion'), text: t('setDiscussionText', { channel: name(channel), group: name(group) }), button: t('setDiscussion') });
  if (isSure) await changeSupergroup(group, (supergroup) => ask('groups.setDiscussion', { channel, group: supergroup }));
}

async function unlink(channel: PeerId): Promise<void> {
  if (await confirm({ title: t('unlinkDiscussion'), text: t('unlinkDiscussionText', { channel: name(channel) }), button: t('unlink'), isDangerous: true })) await attempt(ask('groups.setDiscussion', { channel }));
}

/** Makes a group for the comments on a channel, with its name to begin with. */
const NewGroup: FunctionComponent<{ channel: PeerId; close(): void }> = ({ channel, close }) => {
  const title = useSignal(t('discussionName', { channel: name(channel) }));
  const make = async (): Promise<void> => {
    const { peer: group } = await ask('groups.create', { title: title.value.trim(), users: [] });
    await ask('groups.setDiscussion', { channel, group });
    close();
  };
  return (
    <Dialog title={t('newGroup')} onClose={close}>
      <Form submit={make} button={t('create')} isComplete={title.value.trim() !== ''}>
        <Field label={t('groupName')} maxLength={128} value={title.value} onInput={(value) => (title.value = value)} />
      </Form>
    </Dialog>
  );
};

/** Groups among which one can choose, and those that cannot be chosen. */
const Groups: FunctionComponent<{ channel: PeerId }> = ({ channel }) => {
  const found = useLoaded(() => ask('groups.listForDiscussion', undefined));
  const { able = [], unable = [] } = found ?? {};
  return (
    <InfoCard title={t('chooseDiscussion')}>
      <InfoAction icon={Plus} text={t('newGroup')} act={() => void openDialog((close) => <NewGroup channel={channel} close={() => close()} />)} />
      <ul class="people" aria-label={t('chooseDiscussion')} aria-busy={found === undefined}>
        {able.map((group) => (
          <li key={group} class="person">
            <button class="person-row" type="button" onClick={() => void choose(channel, group)}>
              <PersonFace peer={group} />
            </button>
          </li>
        ))}
        {unable.map(({ peer, reason }) => (
          <li key={peer}>
            <PersonRow peer={peer} line={t(REASONS[reason])} />
          </li>
        ))}
      </ul>
    </InfoCard>
  );
};

/** The group in which posts of a channel are commented. */
export const DiscussionPage: FunctionComponent<ManagePageProps> = ({ id, details: { linked, isLoaded } }) => {
  if (!isLoaded) return null;
  return (
    <>
      <p class="hint info-card-hint">{t('discussionText')}</p>
      {linked === undefined ? (
        <Groups channel={id} />
      ) : (
        <InfoCard>
          <a class="person-row" href={chatAddress(linked)}>
            <PersonFace peer={linked} />
          </a>
          <InfoAction icon={Unlink} text={t('unlinkDiscussion')} isDangerous act={() => void unlink(id)} />
        </InfoCard>
      )}
    </>
  );
};
