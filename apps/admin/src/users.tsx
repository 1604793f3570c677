import { openDialog } from '@aerogram/web/parts/dialog';
import { useSignal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { command } from './api.ts';
import { Action, Field, Form, Shown, useLoaded } from './parts.tsx';
import { nameOf, type User, UserDialog } from './user-dialog.tsx';

interface Page {
  users: User[];
  next: string | null;
}

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
