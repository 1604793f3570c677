import type { LogInQuestions } from '../../protocol/index.ts';
import type { AnswerDeps, AnswersTo } from './answers.ts';

/** Log-in and log-out. */
export function answerLogIn({ account, logIn }: AnswerDeps): AnswersTo<LogInQuestions> {
  return {
    'logIn.sendCode': ({ phone }) => logIn.sendCode(phone),
    'logIn.resendCode': () => logIn.resendCode(),
    'logIn.enterCode': ({ code }) => logIn.enterCode(code),
    'logIn.setEmail': ({ email }) => logIn.setEmail(email),
    'logIn.resetEmail': () => logIn.resetEmail(),
    'logIn.signUp': ({ firstName, lastName }) => logIn.signUp(firstName, lastName),
    'logIn.enterPassword': ({ password }) => logIn.enterPassword(password),
    'logIn.startRecovery': () => logIn.startRecovery(),
    'logIn.recover': ({ code }) => logIn.recover(code),
    'logIn.back': () => logIn.back(),
    'logIn.logOut': () => account.logOut(),
  };
}
