// vitest globalSetup: worker threads and server processes of tests run from dist/.
import { ensureBuilt } from '../build.mjs';

export default () => ensureBuilt();
