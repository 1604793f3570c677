// vitest globalSetup of unit and database tests: some use worker threads, none a whole program,
// so a program that does not compile at the moment stops only the tests that need it.
import { ensureBuilt } from '../build.mjs';

export default () =>
  ensureBuilt().catch((error) => {
    console.error(`dist/ is not current: ${error.message}`);
  });
