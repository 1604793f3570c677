import { expect, test } from 'vitest';
import type { LogInStep } from '../src/protocol/index.ts';
import { LogIn } from '../src/worker/log-in.ts';

test('whoever signs up with a code that is too old gets a new one, and a word about it', async () => {
  const called: string[] = [];
  const session: { logIn?: LogInStep } = { logIn: { step: 'signUp', phone: '15550001' } };
  const sent = { _: 'auth.sentCode', type: { _: 'auth.sentCodeTypeSms', length: 5 }, phoneCodeHash: 'hash' };
  const account = {
    client: { params: { apiId: 1, apiHash: '' } },
    store: { session, setSession: (change: object) => Object.assign(session, change) },
    call: ({ _: method }: { _: string }) => {
      called.push(method);
      return method === 'auth.signUp' ? Promise.reject(Object.assign(new Error('too old'), { code: 400, text: 'PHONE_CODE_EXPIRED' })) : Promise.resolve(sent);
    },
  };
  const logIn = new LogIn(account as never);
  await logIn.sendCode('+1 555 0001');
  await logIn.signUp('Nora', '', undefined);
  expect(called).toEqual(['auth.sendCode', 'auth.signUp', 'auth.sendCode']);
  expect(session.logIn).toMatchObject({ step: 'code', phone: '15550001', way: 'sms', isRenewed: true });
  logIn.back();
  expect(session.logIn).toEqual({ step: 'phone', phone: '15550001' });
});
