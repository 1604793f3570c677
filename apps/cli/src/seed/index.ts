// Used to fill a database and to put load on it: `@aerogram/cli/seed`.
export { findRunningDatabase } from '../open-database.ts';
export { seedFirstName, seedLastName, seedPhone, seedUsername, seedWord, SEED_TEXTS } from './seed-names.ts';
export { type SeedChannel, type SeedChannelSize, seedChannels, seedMembersOf } from './seed-channel-plan.ts';
export { planSeed, seedBoxSize, seedDevicesOf, seedKey, type SeedPlan, type SeedSize, seedUserId } from './seed-plan.ts';
export { seedDatabase } from './seed-database.ts';
