// vitest reporter: prints the files that took longest, with their set-up.
import { relative } from 'node:path';

const SHOWN = 10;

const secondsOf = (module) => {
  const { collectDuration, setupDuration, duration } = module.diagnostic();
  return (collectDuration + setupDuration + duration) / 1000;
};

export default class SlowestFiles {
  #root = process.cwd();

  onInit({ config }) {
    this.#root = config.root;
  }

  onTestRunEnd(modules) {
    const slowest = [...modules].map((module) => ({ file: relative(this.#root, module.moduleId), seconds: secondsOf(module) })).sort((a, b) => b.seconds - a.seconds);
    console.log(`slowest files: ${slowest.slice(0, SHOWN).map(({ file, seconds }) => `${file} ${seconds.toFixed(0)} s`).join(', ')}`);
  }
}
