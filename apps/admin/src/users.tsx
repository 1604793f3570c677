import { Dialog, confirm, openDialog } from '@aerogram/web/parts/dialog';
import { useSignal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { command } from './api.ts';
import { Action, dateOf, Field, Form, Shown, useLoaded } from './parts.tsx';

interface User {
  id: string;
  phone: string | null;
  name: string;
  username: string | null;
  created_date: string;
  online_date: string | null;
  banned: boolean;
}

interface Page {
  users: User[];
  next: string | null;
}

interface Details extends Omit<User, 'banned'> {
  deleted: boolean;
  devices: { program: string; layer: number | null; address: string; active_date: string }[];
}

const nameOf = ({ name, id }: Pick<User, 'name' | 'id'>): string => (name === '' ? `account ${id}` : name);

/** One account with its devices, and what can be done about it. */
const UserDialog: FunctionComponent<{ user: User; onClose(): void }> = ({ user, onClose }) => {
  const loaded = useLoaded(() => command<Details>('user show', { who: user.id }));
  const isBanned = useSignal(user.banned);
  const act = async (name: string, args: object, sure: { title: string; text: string; button: string }): Promise<void> => {
    if (!(await confirm(sure))) return;
    await command(name, { who: user.id, ...args });
    isBanned.value = name === 'user ban';
    await loaded.reload();
  };
  const who = nameOf(user);
  return (
    <Dialog title={who} onClose={onClose} className="user-dialog">
      <Shown loaded={loaded}>
        {(details) => (
          <>
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
              <dd>{dateOf(details.online_date)}</dd>
              <dt>State</dt>
              <dd>{details.deleted ? 'deleted' : isBanned.value ? 'banned' : 'may log in'}</dd>
            </dl>
            <h3>Devices</h3>
            {details.devices.length === 0 && <p class="hint">none</p>}
            <ul class="devices">
              {details.devices.map((device) => (
                <li key={`${device.program}${device.address}${device.active_date}`}>
                  <bdi>{device.program}</bdi>, {device.address}, active {dateOf(device.active_date)}
                </li>
              ))}
            </ul>
          </>
        )}
      </Shown>
      <div class="actions">
        {isBanned.value ? (
          <Action button="Unban" run={() => act('user unban', {}, { title: 'Unban?', text: `${who} may log in again.`, button: 'Unban' })} />
        ) : (
          <Action button="Ban and log out" run={() => act('user ban', { endSessions: true }, { title: 'Ban and log out?', text: `${who} gets no log-in codes any more, and is logged out of all devices.`, button: 'Ban' })} />
        )}
      </div>
    </Dialog>
  );
};

/** Finding accounts; without a text the newest ones. */
export const Users: FunctionComponent = () => {
  const query = useSignal('');
  const pages = useSignal<Page[]>([]);
  const loaded = useLoaded(async () => {
    const first = await command<Page>('user find', { query: query.value });
    pages.value = [first];
    return first;
  });
  const next = pages.value.at(-1)?.next ?? null;
  const open = async (user: User): Promise<void> => {
    await openDialog((close) => <UserDialog user={user} onClose={() => close()} />);
    await loaded.reload();
  };
  return (
    <>
      <Form
        className="row-form"
        button="Find"
        keeps
        submit={async ({ query: text }) => {
          query.value = text ?? '';
          await loaded.reload();
        }}
      >
        <Field label="Beginning of a name, @username, phone number or id" name="query" type="search" />
      </Form>
      <Shown loaded={loaded}>
        {() => (
          <>
            <p class="hint" role="status">
              {pages.value[0]?.users.length === 0 ? 'Nobody was found.' : query.value === '' ? 'The newest accounts' : 'Found, at most 50'}
            </p>
            <ul class="rows" aria-label="Accounts">
              {pages.value.flatMap(({ users }) => users).map((user) => (
                <li key={user.id}>
                  <button type="button" class="row" onClick={() => void open(user)}>
                    <bdi>{nameOf(user)}</bdi>
                    <span class="hint">
                      {user.username === null ? '' : `@${user.username} `}
                      {user.phone === null ? '' : `+${user.phone} `}
                      {user.banned && <strong>banned</strong>}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
            {next !== null && (
              <Action
                button="More"
                run={async () => {
                  pages.value = [...pages.value, await command<Page>('user find', { query: '', after: next })];
                }}
              />
            )}
          </>
        )}
      </Shown>
    </>
  );
};
