/** What people give bots: peers that these ask for, and the permission to write. */
export { BotGrants } from './bot-grants.ts';
export type { BotPlace } from './criteria.ts';
