import { Tabs } from '@aerogram/web/parts/tabs';
import { useSignal } from '@preact/signals';
import { type FunctionComponent, render } from 'preact';
import './admin.css';
import { me, post } from './api.ts';
import { Invitations } from './invitations.tsx';
import { Log, Reports, Settings } from './lists.tsx';
import { LogIn } from './log-in.tsx';
import { Notices } from './notices.tsx';
import { Numbers } from './numbers.tsx';
import { Users } from './users.tsx';

const PAGES = { users: ['Users', Users], reports: ['Reports', Reports], invitations: ['Invitations', Invitations], notices: ['Notices', Notices], numbers: ['Numbers', Numbers], settings: ['Settings', Settings], log: ['Log', Log] } as const satisfies Record<string, readonly [string, FunctionComponent]>;
type PageId = keyof typeof PAGES;

const Desk: FunctionComponent<{ name: string }> = ({ name }) => {
  const page = useSignal<PageId>('users');
  const [title, Page] = PAGES[page.value];
  const logOut = async (): Promise<void> => {
    await post('log-out');
    me.value = null;
  };
  return (
    <>
      <header class="desk-head">
        <h1>Aerogram admin</h1>
        <bdi>{name}</bdi>
        <button class="link" type="button" onClick={() => void logOut()}>
          Log out
        </button>
      </header>
      <Tabs label="Pages" tabs={Object.entries(PAGES).map(([id, [words]]) => ({ id: id as PageId, title: words }))} chosen={page.value} onChoose={(id) => (page.value = id)} />
      <main>
        <div class="desk" role="tabpanel" aria-label={title}>
          <Page />
        </div>
      </main>
    </>
  );
};

const App: FunctionComponent = () => {
  if (me.value === undefined) return null;
  return me.value === null ? <LogIn /> : <Desk name={me.value.name} />;
};

post<{ id: string; name: string } | null>('me').then(
  (found) => void (me.value = found),
  () => void (me.value = null),
);
render(<App />, document.getElementById('app')!);
