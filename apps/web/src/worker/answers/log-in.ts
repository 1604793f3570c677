import type { LogInQuestions } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { LogIn } from '../log-in.ts';
import type { AnswersTo } from './answers.ts';

/** Log-in and log-out. */
export function answerLogIn(account: Account): AnswersTo<LogInQuestions> {
  const logIn = new LogIn(account);
  return {
    'logIn.sendCode': ({ phone }) => logIn.sendCode(phone),
    'logIn.resendCode': () => logIn.resendCode(),
    'logIn.enterCode': ({ code }) => logIn.enterCode(code),
    'logIn.setEmail': ({ email }) => logIn.setEmail(email),
    'logIn.resetEmail': () => logIn.resetEmail(),
    'logIn.signUp': ({ firstName, lastName, photo }) => logIn.signUp(firstName, lastName, photo),
    'logIn.enterPassword': ({ password }) => logIn.enterPassword(password),
    'logIn.startRecovery': () => logIn.startRecovery(),
    'logIn.recover': ({ code }) => logIn.recover(code),
    'logIn.useLink': (link) => logIn.useLink(link),
    'logIn.showQr': () => logIn.showQr(),
    'logIn.back': () => logIn.back(),
    'logIn.logOut': () => account.logOut(),
  };
}
