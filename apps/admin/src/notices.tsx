import { confirm } from '@aerogram/web/parts/dialog';
import { useSignal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { command } from './api.ts';
import { Action, dateOf, Form, LongField, Shown, useLoaded } from './parts.tsx';

interface Notice {
  id: string;
  date: string;
  text: string;
  to: string | null;
  total: number;
  sent: number;
  state: 'on its way' | 'ended' | 'done';
}

/** As many as a message may have. */
const TEXT_MAX = 4096;
/** Characters of a text that a question shows. */
const SHOWN_MAX = 200;
/** How often the page looks how far notices are, in milliseconds. */
const LOOK_MS = 5000;

const accountsOf = (count: number): string => (count === 1 ? '1 account' : `${count} accounts`);

/** Writing to everybody, and what was written. */
export const Notices: FunctionComponent = () => {
  const loaded = useLoaded((isFirst) => command<Notice[]>('notice list', {}, !isFirst), LOOK_MS);
  const said = useSignal('');
  const send = async (text: string): Promise<void | 'left'> => {
    const words = text.trim();
    const shown = words.length > SHOWN_MAX ? `${words.slice(0, SHOWN_MAX)}…` : words;
    if (words !== '' && !(await confirm({ title: 'Write to everybody?', text: `All accounts get this in the service chat, and it cannot be taken back: ${shown}`, button: 'Send' }))) return 'left';
    const { accounts } = await command<{ accounts: number }>('notice', { text: words });
    said.value = `The notice goes to ${accountsOf(accounts)}.`;
    await loaded.reload();
    return undefined;
  };
  return (
    <>
      <Form button="Send to everybody" submit={({ text = '' }) => send(text)}>
        <LongField label="Notice in the service chat of everybody" name="text" max={TEXT_MAX} />
      </Form>
      <p class="hint" role="status">
        {said.value}
      </p>
      <Shown loaded={loaded}>
        {(notices) => (
          <>
            {notices.length === 0 && <p class="empty">No notices were sent.</p>}
            <ul class="cards" aria-label="Notices">
              {notices.map(({ id, date, text, to, total, sent, state }) => (
                <li key={id} class="card">
                  <p class="long" dir="auto">
                    {text}
                  </p>
                  <p class="hint">
                    {dateOf(date)} · {to === null ? `${sent} of ${accountsOf(total)}` : `account ${to}`}, {state}
                  </p>
                  {state === 'on its way' && (
                    <Action
                      button="Stop"
                      run={async () => {
                        await command('notice stop', { id });
                        await loaded.reload();
                      }}
                    />
                  )}
                </li>
              ))}
            </ul>
          </>
        )}
      </Shown>
    </>
  );
};
