/** What the server itself writes to people: notices of the service chat, and who joined. */
export {
  codeNotice,
  deletionNotice,
  loginEmailResetNotice,
  newLoginNotice,
  type Notice,
  passwordResetNotice,
  phoneChangedNotice,
  unsentNotice,
} from './notices.ts';
export { createServiceChat, type ServiceChat } from './service-chat.ts';
export { createSignUpJob, type SignUpJob } from './tell-of-sign-up.ts';
