/** Messages that the server itself sends to users: notices from the service chat, and who signed up. */
export { addServiceMessage } from './add-service-message.ts';
export {
  codeNotice,
  deletionNotice,
  limitLiftedNotice,
  limitNotice,
  enterAgainNotice,
  exportedNotice,
  loginEmailResetNotice,
  newLoginNotice,
  type Notice,
  passwordRemovedNotice,
  passwordResetNotice,
  phoneChangedNotice,
  takeoutNotice,
  unsentNotice,
} from './notice-texts.ts';
export { createServiceChat, orderServiceMessage, type ServiceChat } from './service-chat.ts';
export { createSignUpJob, type SignUpJob } from './tell-of-sign-up.ts';
