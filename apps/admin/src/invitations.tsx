import { useSignal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { command } from './api.ts';
import { Action, dateOf, Field, Form, Shown, useLoaded } from './parts.tsx';

interface Invitation {
  phone: string;
  email: string | null;
  created_date: string;
  link: string | null;
}

interface InvitationLink {
  link: string;
  uses: number;
  uses_left: number;
  made_by: string | null;
  expires_date: string;
}

/** Invitations that were not used, links by which people invite themselves, and the forms for new ones. */
export const Invitations: FunctionComponent = () => {
  const loaded = useLoaded(() => command<{ invitations: Invitation[]; links: InvitationLink[] }>('invite list'));
  const made = useSignal<{ url: string; link: string } | undefined>(undefined);
  return (
    <>
      <Form
        className="row-form"
        button="Invite"
        submit={async ({ phone, email }) => {
          await command('invite create', { phone, email });
          await loaded.reload();
        }}
      >
        <Field label="Phone number" name="phone" type="tel" />
        <Field label="E-mail address for codes" name="email" type="email" />
      </Form>
      <Form
        className="row-form"
        button="Make a link"
        submit={async ({ uses, expires }) => {
          made.value = await command<{ url: string; link: string }>('invite create', { link: true, uses, expires });
          await loaded.reload();
        }}
      >
        <Field label="People who may use it (1)" name="uses" />
        <Field label="Days until it expires (7)" name="expires" />
      </Form>
      {made.value !== undefined && (
        <p class="card" role="status">
          Link {made.value.link}, which is shown only now: <code>{made.value.url}</code>
        </p>
      )}
      <Shown loaded={loaded}>
        {({ invitations, links }) => (
          <>
            {links.length > 0 && (
              <ul class="cards" aria-label="Links">
                {links.map(({ link, uses, uses_left: left, made_by: by, expires_date: expires }) => (
                  <li key={link} class="card">
                    <p>
                      Link {link}: {left} of {uses} uses left
                    </p>
                    <p class="hint">
                      until {dateOf(expires)} · {by === null ? 'command line' : `account ${by}`}
                    </p>
                    <Action
                      button="Revoke"
                      isDangerous
                      run={async () => {
                        await command('invite revoke', { link });
                        if (made.value?.link === link) made.value = undefined;
                        await loaded.reload();
                      }}
                    />
                  </li>
                ))}
              </ul>
            )}
            {invitations.length === 0 && <p class="empty">No invitations wait.</p>}
            <ul class="cards" aria-label="Invitations">
              {invitations.map(({ phone, email, created_date: date, link }) => (
                <li key={phone} class="card">
                  <p>
                    +{phone} {email !== null && <bdi>{email}</bdi>}
                  </p>
                  <p class="hint">
                    {dateOf(date)}
                    {link !== null && ` · by link ${link}`}
                  </p>
                  <Action
                    button="Revoke"
                    isDangerous
                    run={async () => {
                      await command('invite revoke', { phone: `+${phone}` });
                      await loaded.reload();
                    }}
                  />
                </li>
              ))}
            </ul>
          </>
        )}
      </Shown>
    </>
  );
};
