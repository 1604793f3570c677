// vitest globalSetup: notes which operations concern two homes, and compares them with tests/two-homes.txt.
import { measureHomes } from '../test/two-homes.mjs';

export default () => measureHomes();
