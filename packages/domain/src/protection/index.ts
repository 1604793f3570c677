/** Chats with protected content, which cannot be copied or forwarded. */
export { createProtection, type Protection } from './protection.ts';
