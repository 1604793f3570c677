import { useSignal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { me, post } from './api.ts';
import { Field, Form } from './parts.tsx';
import { type Challenge, provePassword } from './prove-password.ts';

type Step = { name: 'phone' } | { name: 'code'; logIn: string } | { name: 'password'; logIn: string; code: string; challenge: Challenge };

/** Number, code and password, each on a page of its own. */
export const LogIn: FunctionComponent = () => {
  const step = useSignal<Step>({ name: 'phone' });
  const again = (): void => void (step.value = { name: 'phone' });
  const current = step.value;

  const enterCode = async (logIn: string, code: string): Promise<void> => {
    const challenge = await post<Challenge>('log-in/code', { log_in: logIn, code });
    step.value = { name: 'password', logIn, code, challenge };
  };

  const enterPassword = async (password: string): Promise<void> => {
    if (step.value.name !== 'password') return;
    const { logIn, code, challenge } = step.value;
    try {
      await post('log-in/password', { log_in: logIn, ...(await provePassword(password, challenge)) });
    } catch (error) {
      // Each proof needs an exchange of its own. If there is none any more, the next try says so.
      await enterCode(logIn, code).catch(() => undefined);
      throw error;
    }
    me.value = await post<{ id: string; name: string }>('me');
  };

  return (
    <main class="log-in">
      <div class="log-in-card">
        <h1>Aerogram admin</h1>
        {current.name === 'phone' && (
          <Form
            button="Next"
            keeps
            submit={async ({ phone }) => {
              const { log_in: logIn } = await post<{ log_in: string }>('log-in/phone', { phone });
              step.value = { name: 'code', logIn };
            }}
          >
            <Field label="Phone number" name="phone" type="tel" autocomplete="tel" isFocused />
          </Form>
        )}
        {current.name === 'code' && (
          <Form key="code" button="Next" keeps submit={({ code }) => enterCode(current.logIn, code ?? '')}>
            <p>If the number is an admin’s, a code was sent to it.</p>
            <Field label="Code" name="code" autocomplete="one-time-code" isFocused />
          </Form>
        )}
        {current.name === 'password' && (
          <Form key="password" button="Log in" keeps submit={({ password }) => enterPassword(password ?? '')}>
            {current.challenge.hint !== '' && <p dir="auto">Hint: {current.challenge.hint}</p>}
            <Field label="Password" name="password" type="password" autocomplete="current-password" isFocused />
          </Form>
        )}
        {current.name !== 'phone' && (
          <button class="link" type="button" onClick={again}>
            Begin again
          </button>
        )}
      </div>
    </main>
  );
};
