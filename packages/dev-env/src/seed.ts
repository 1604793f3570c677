// For filling a database and for loading it: `@aerogram/dev-env/seed`.
export { seedFirstName, seedLastName, seedPhone, seedUsername, SEED_TEXTS } from './seed/seed-names.ts';
export { planSeed, seedBoxSize, seedDevicesOf, seedKey, type SeedPlan, type SeedSize, seedUserId } from './seed/seed-plan.ts';
export { seedDatabase } from './seed/seed-database.ts';
