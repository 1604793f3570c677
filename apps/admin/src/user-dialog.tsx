import { Dialog, confirm, openDialog } from '@aerogram/web/parts/dialog';
import { useSignal } from '@preact/signals';
import type { ComponentChildren, FunctionComponent } from 'preact';
import { command, Refused } from './api.ts';
import { Action, ChoiceField, dateOf, Field, Form, lastOnline, Shown, useLoaded } from './parts.tsx';

/** An account as the list has it. */
export interface User {
  id: string;
  phone: string | null;
  name: string;
  username: string | null;
  created_date: string;
  online_date: string | null;
  banned: boolean;
}

interface Device {
  number: string;
  program: string;
  layer: number | null;
  address: string;
  active_date: string;
}

interface Details extends User {
  deleted: boolean;
  marks: string[];
  restriction: { reason: string; text: string } | null;
  /** In words; null: none. */
  limit: string | null;
  devices: Device[];
}

/** What a command says that a running server carries out. */
interface Told {
  outcome?: string | null;
  done?: boolean;
}

/** Gives a command about the account, shows what came of it, and reads the account again. */
type Give = (name: string, args?: object) => Promise<void>;

/** How people see whose account it is. */
export const nameOf = ({ name, id }: Pick<User, 'name' | 'id'>): string => (name === '' ? `account ${id}` : name);

/** Asks in a dialog for what a command needs. @param submit gives the command; the dialog closes after it */
function askFor(title: string, button: string, { fields, submit, isDangerous }: { fields: ComponentChildren; submit(values: Record<string, string>): Promise<void>; isDangerous?: boolean }): Promise<unknown> {
  return openDialog((close) => (
    <Dialog title={title} onClose={() => close()}>
      <Form
        button={button}
        isDangerous={isDangerous === true}
        keeps
        submit={async (values) => {
          await submit(values);
          close();
        }}
      >
        {fields}
      </Form>
    </Dialog>
  ));
}

async function askLimit(give: Give): Promise<void> {
  await askFor('Limit the account', 'Limit', {
    fields: (
      <>
        <p class="hint">It can no longer write to people who do not know it, nor join public groups. Its user is told.</p>
        <Field label="Until; otherwise until it is lifted" name="until" type="datetime-local" isFocused />
        <Field label="Reason, as the user is told" name="reason" />
      </>
    ),
    submit: ({ until = '', reason }) => give('user limit', { until: until === '' ? '' : new Date(until).toISOString(), reason }),
  });
}

const BADGES = { none: 'None', verified: 'Verified', scam: 'Scam', fake: 'Fake' } as const;

async function askMarks(give: Give, { marks, restriction }: Details): Promise<void> {
  await askFor('Mark the account', 'Mark', {
    fields: (
      <>
        <p class="hint">All clients show this beside the name.</p>
        <ChoiceField label="Badge" name="badge" options={BADGES} value={Object.keys(BADGES).find((badge) => marks.includes(badge)) ?? 'none'} />
        <Field label="Text that clients show instead of the messages; empty for none" name="restrict" max={512} value={restriction?.text ?? ''} />
        <Field label="Kind of that restriction, one word" name="reason" value={restriction?.reason ?? 'terms'} />
      </>
    ),
    submit: ({ badge, restrict, reason }) => give('user mark', { badge, restrict, reason }),
  });
}

async function askDelete(give: Give, { id, phone }: Details): Promise<void> {
  const wanted = phone ?? id;
  await askFor('Delete the account', 'Delete for good', {
    isDangerous: true,
    fields: (
      <>
        <p>This cannot be undone. The server forgets the number, and removes what only this account could see.</p>
        <Field label={phone === null ? `Type the id ${id} to confirm` : `Type the number +${phone} to confirm`} name="typed" isFocused />
      </>
    ),
    async submit({ typed = '' }) {
      if (typed.replaceAll(/[\s+().-]/g, '') !== wanted) throw new Refused(400, { error: phone === null ? 'That is not the id of this account.' : 'That is not the number of this account.' });
      await give('user delete', { yes: true });
    },
  });
}

const Facts: FunctionComponent<{ details: Details }> = ({ details }) => (
  <dl class="facts">
    <dt>Id</dt>
    <dd>{details.id}</dd>
    <dt>Phone</dt>
    <dd>{details.phone === null ? '–' : `+${details.phone}`}</dd>
    <dt>Username</dt>
    <dd>{details.username === null ? '–' : `@${details.username}`}</dd>
    <dt>Since</dt>
    <dd>{dateOf(details.created_date)}</dd>
    <dt>Online</dt>
    <dd>{lastOnline(details.online_date)}</dd>
    <dt>State</dt>
    <dd>{details.deleted ? 'deleted' : details.banned ? 'banned' : 'may log in'}</dd>
    <dt>Marks</dt>
    <dd dir="auto">{details.marks.length === 0 ? '–' : details.marks.join(', ')}</dd>
    <dt>Limit</dt>
    <dd dir="auto">{details.limit ?? '–'}</dd>
  </dl>
);

/** One account with its devices, and what can be done about it. */
export const UserDialog: FunctionComponent<{ user: User; onClose(): void }> = ({ user, onClose }) => {
  const loaded = useLoaded(() => command<Details>('user show', { who: user.id }));
  const said = useSignal('');
  const who = nameOf(user);
  const give: Give = async (name, args = {}) => {
    said.value = '';
    const { outcome, done } = await command<Told>(name, { who: user.id, ...args });
    said.value = done === false ? 'Ordered; the log says when it is done.' : (outcome ?? '');
    await loaded.reload();
  };
  const ask = async (sure: { title: string; text: string; button: string; isDangerous?: boolean }, ...order: Parameters<Give>): Promise<void> => {
    if (await confirm(sure)) await give(...order);
  };
  return (
    <Dialog title={who} onClose={onClose} className="user-dialog">
      <Shown loaded={loaded}>
        {(details) => (
          <>
            <Facts details={details} />
            <h3>Devices</h3>
            {details.devices.length === 0 && <p class="hint">none</p>}
            <ul class="devices" aria-label="Devices">
              {details.devices.map(({ number, program, address, active_date: date }) => (
                <li key={number}>
                  <span>
                    <bdi>{program}</bdi>, {address}, active {dateOf(date)}
                  </span>
                  <Action button="Log out" run={() => ask({ title: 'Log out this device?', text: program, button: 'Log out' }, 'user logout', { device: number })} />
                </li>
              ))}
            </ul>
            <p class="hint" role="status">
              {said.value}
            </p>
            {!details.deleted && (
              <div class="actions">
                {details.banned ? (
                  <Action button="Unban" run={() => ask({ title: 'Unban?', text: `${who} may log in again.`, button: 'Unban' }, 'user unban')} />
                ) : (
                  <Action button="Ban and log out" isDangerous run={() => ask({ title: 'Ban and log out?', text: `${who} gets no log-in codes any more, and is logged out of all devices.`, button: 'Ban', isDangerous: true }, 'user ban', { endSessions: true })} />
                )}
                {details.devices.length > 0 && <Action button="Log out everywhere" run={() => ask({ title: 'Log out everywhere?', text: `${who} has to log in again on all devices.`, button: 'Log out' }, 'user logout')} />}
                {details.limit === null ? <Action button="Limit…" run={() => askLimit(give)} /> : <Action button="Lift the limit" run={() => give('user limit', { lift: true })} />}
                <Action button="Mark…" run={() => askMarks(give, details)} />
                <Action button="Delete…" isDangerous run={() => askDelete(give, details)} />
              </div>
            )}
          </>
        )}
      </Shown>
    </Dialog>
  );
};
