import type { ComponentType, FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import Phone from 'lucide-static/icons/phone.svg';
import Incoming from 'lucide-static/icons/phone-incoming.svg';
import Missed from 'lucide-static/icons/phone-missed.svg';
import Outgoing from 'lucide-static/icons/phone-outgoing.svg';
import Trash from 'lucide-static/icons/trash-2.svg';
import Video from 'lucide-static/icons/video.svg';
import type { CallPage, Message } from '../../protocol/index.ts';
import { callPerson, openCall } from '../ground/calls.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { formatSeconds, formatShort } from '../parts/dates.ts';
import { confirmDeletion } from '../parts/delete-dialog.tsx';
import { nameOf } from '../parts/names.tsx';
import { attempt } from '../parts/notice.tsx';
import { PersonRow } from '../parts/person-row.tsx';
import { SideHeader } from '../parts/side-header.tsx';

/** Calls in the page at most. */
const ROWS_MAX = 400;

type Call = Extract<NonNullable<Message['service']>, { kind: 'call' }>;

/** What kind of call it was, in a word, and its sign. */
function kindOf({ isOut }: Message, { end }: Call): { icon: ComponentType; word: string; isMissed: boolean } {
  if (end === 'declined') return { icon: isOut ? Outgoing : Incoming, word: t('declinedKind'), isMissed: false };
  if (end === 'missed') return isOut ? { icon: Outgoing, word: t('cancelledKind'), isMissed: false } : { icon: Missed, word: t('missedKind'), isMissed: true };
  return isOut ? { icon: Outgoing, word: t('outgoingKind'), isMissed: false } : { icon: Incoming, word: t('incomingKind'), isMissed: false };
}

const Row: FunctionComponent<{ message: Message; call: Call }> = ({ message, call }) => {
  const { icon: Icon, word, isMissed } = kindOf(message, call);
  const { peer, date } = message;
  const parts = [word, ...(call.isVideo ? [t('withVideo')] : []), ...(call.seconds === undefined ? [] : [formatSeconds(call.seconds)])];
  const line = (
    <span class={`call-line${isMissed ? ' is-missed' : ''}`}>
      <Icon />
      <span class="call-line-text">{parts.join(', ')}</span>
      <bdi class="call-line-date">{formatShort(date)}</bdi>
    </span>
  );
  return (
    <li>
      <PersonRow peer={peer} line={line}>
        <button class="round" type="button" aria-label={t('callBackName', { name: nameOf(peerSignal(peer).value) })} onClick={() => callPerson(peer, call.isVideo)}>
          {call.isVideo ? <Video /> : <Phone />}
        </button>
      </PersonRow>
    </li>
  );
};

/** The calls that there were, the newest first. */
export const CallsSide: FunctionComponent = () => {
  const page = useSignal<CallPage | undefined>(undefined);
  const load = async (before?: number): Promise<void> => {
    const asked = ask('calls.list', before === undefined ? {} : { before });
    if (!(await attempt(asked))) return;
    const { messages, hasMore } = await asked;
    page.value = { messages: before === undefined ? messages : [...(page.value?.messages ?? []), ...messages], hasMore };
  };
  const ended = openCall.value.end?.call;
  useEffect(() => void load(), [ended]);
  const { messages = [], hasMore = false } = page.value ?? {};
  const deleteAll = async (): Promise<void> => {
    const forBoth = await confirmDeletion({ title: t('deleteCalls'), text: t('deleteCallsText'), button: t('deleteCalls'), box: t('deleteCallsForBoth') });
    if (forBoth !== undefined && (await attempt(ask('calls.deleteAll', { forBoth })))) await load();
  };
  return (
    <>
      <SideHeader title={t('calls')}>
        {messages.length > 0 && (
          <button class="round" type="button" aria-label={t('deleteCalls')} onClick={() => void deleteAll()}>
            <Trash />
          </button>
        )}
      </SideHeader>
      <div class="side-scroll">
        <ul class="people" aria-label={t('calls')} aria-busy={page.value === undefined}>
          {messages.map((message) => message.service?.kind === 'call' && <Row key={message.key} message={message} call={message.service} />)}
        </ul>
        {page.value && messages.length === 0 && (
          <div class="empty">
            <p>{t('noCalls')}</p>
            <p>{t('noCallsText')}</p>
          </div>
        )}
        {hasMore && messages.length < ROWS_MAX && (
          <button class="link more-results" type="button" onClick={() => void load(messages.at(-1)?.id)}>
            {t('moreMembers')}
          </button>
        )}
      </div>
    </>
  );
};
