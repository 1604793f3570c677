// Used to fill a database and to put load on it: `@aerogram/cli/seed`.
export { seedFirstName, seedLastName, seedPhone, seedUsername, seedWord, SEED_TEXTS } from './seed-names.ts';
export { planSeed, seedBoxSize, seedDevicesOf, seedKey, type SeedPlan, type SeedSize, seedUserId } from './seed-plan.ts';
export { seedDatabase } from './seed-database.ts';
