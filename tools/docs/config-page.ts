import { SETTINGS } from '@aerogram/runtime';
import { renderPage, renderTable } from './markdown.ts';

/** docs/config.md: every setting. */
export function renderConfigPage(): string {
  const rows = Object.values(SETTINGS).map(({ env, flag, defaultText, secret, form, doc }) => [
    `\`${env}\``,
    flag === undefined ? '' : `\`--${flag}\``,
    form,
    defaultText === undefined || defaultText === '' ? '' : `\`${defaultText}\``,
    secret ? `${doc} Secret.` : doc,
  ]);
  return renderPage('Settings', 'packages/runtime/src/config/settings.ts', [
    'A flag (`npm start -- --port 4430`) wins over the environment, the environment over the default. ' +
      'A value that cannot be used stops the start with an error that names the variable, and so does a variable `AEROGRAM_…` that is not in this list. Secrets have no flags, ' +
      'because other users of a machine can read the arguments of a process.',
    renderTable(['Variable', 'Flag', 'Value', 'Default', 'Meaning'], rows),
  ]);
}
