import { createProgram } from './program.ts';

try {
  await createProgram(process.env, (line) => console.log(line)).parseAsync();
} catch (error) {
  console.error(`aerogram: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
