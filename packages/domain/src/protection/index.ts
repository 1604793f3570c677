/** Chats whose content may not be copied. */
export { createProtection, type Protection } from './protection.ts';
