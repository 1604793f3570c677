// vitest globalSetup: one PostgreSQL cluster for the whole run; each test makes a database of its own in it.
import { setupTestPostgres } from '@aerogram/storage/testing';
import { createRecorder } from '../test/recorded-statements.mjs';

export default () => setupTestPostgres(createRecorder());
