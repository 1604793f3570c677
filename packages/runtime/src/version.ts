import packageJson from '../package.json' with { type: 'json' };

/** The version of this program, as the root's package.json has it: all workspaces have the same (tools/test/test/versions.test.ts). */
export const VERSION: string = packageJson.version;
