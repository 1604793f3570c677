import type { FunctionComponent } from 'preact';
import { command } from './api.ts';
import { Action, dateOf, Shown, useLoaded } from './parts.tsx';

interface Report {
  id: string;
  created_date: string;
  reason: string;
  reporter: string;
  peer: string;
  message: number | null;
  author: string | null;
  copy: string | null;
  comment: string;
}

/** Open reports, the oldest first, with what was reported. */
export const Reports: FunctionComponent = () => {
  const loaded = useLoaded(() => command<Report[]>('reports list'));
  return (
    <Shown loaded={loaded}>
      {(reports) => (
        <>
          {reports.length === 0 && <p class="empty">No reports are open.</p>}
          <ul class="cards" aria-label="Reports">
            {reports.map((report) => (
              <li key={report.id} class="card">
                <p>
                  <strong>{report.reason}</strong> · {dateOf(report.created_date)}
                </p>
                <p class="hint">
                  account {report.reporter} about {report.message === null ? '' : `message ${report.message} in `}
                  {report.peer}
                  {report.author === null ? '' : `, written by ${report.author}`}
                </p>
                {report.copy !== null && report.copy !== '' && <blockquote dir="auto">{report.copy}</blockquote>}
                {report.comment !== '' && <p dir="auto">Comment: {report.comment}</p>}
                <Action
                  button="Close"
                  run={async () => {
                    await command('reports close', { ids: [report.id] });
                    await loaded.reload();
                  }}
                />
              </li>
            ))}
          </ul>
        </>
      )}
    </Shown>
  );
};

interface Setting {
  name: string;
  value: string | null;
  secret: boolean;
  set: boolean;
  from: string;
  doc: string;
}

/** The settings in force. */
export const Settings: FunctionComponent = () => (
  <Shown loaded={useLoaded(() => command<Setting[]>('settings'))}>
    {(settings) => (
      <ul class="cards" aria-label="Settings">
        {settings.map(({ name, value, secret, set, from, doc }) => (
          <li key={name} class="card">
            <p>
              <code>{name}</code> <span class="hint">{from}</span>
            </p>
            <p>
              <code>{secret ? (set ? 'set, secret' : 'not set') : (value ?? 'not set')}</code>
            </p>
            <p class="hint">{doc}</p>
          </li>
        ))}
      </ul>
    )}
  </Shown>
);

interface Entry {
  id: string;
  date: string;
  what: string;
  outcome: string | null;
  admin: string | null;
}

/** What operators and admins have done, the newest first. */
export const Log: FunctionComponent = () => (
  <Shown loaded={useLoaded(() => command<Entry[]>('chats log'))}>
    {(entries) => (
      <ul class="cards" aria-label="Operators’ log">
        {entries.map(({ id, date, what, outcome, admin }) => (
          <li key={id} class="card">
            <p dir="auto">{what}</p>
            <p class="hint">
              {dateOf(date)} · {admin === null ? 'command line' : `account ${admin}`} · {outcome ?? 'waits for a server'}
            </p>
          </li>
        ))}
      </ul>
    )}
  </Shown>
);
