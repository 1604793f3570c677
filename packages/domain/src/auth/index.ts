/** Log-in, devices, passwords and account deletion. */
export { type Auth, type AuthParts, createAuth } from './auth.ts';
export { type ActingAdmin, type AdminChallenge, AdminDoor, doGrantAdmin, doRevokeAdmin } from './admins.ts';
export { type Admin, listAdmins, SESSION_LIFE_S as ADMIN_SESSION_LIFE_S } from './admin-store.ts';
export { BotTokens, type TokenJudgement } from './bot-tokens.ts';
export { doBanPhone } from './ban-phone.ts';
export { doInvite, doRevokeInvitation } from './invite.ts';
export { listInvitations, type SignUpInvitation } from './invitation-store.ts';
export { doMakeBotByOperator, doOrderBotDeletion, doRevokeByOperator, doSetBotByOperator, orderBotDeletion } from './operate-bots.ts';
export { doMakeBotAtOnce, doMakePerson, type NewPerson } from './make-at-once.ts';
export { newPasswordAlgo, passwordAlgo } from './check-new-password.ts';
export { CODE_LENGTH } from './code-sender.ts';
export type { SentCode } from './code-ways.ts';
export { emailPattern } from './email-address.ts';
export { EMAIL_CODE_LENGTH } from './email-code-store.ts';
export type { ConnectionInit, KeyState } from './key-state.ts';
export type { LoginDevice } from './log-in.ts';
export type { Prover } from './password-proof.ts';
