/** Pages about privacy, below `#/settings/privacy`. They are loaded when one is opened. */
const PRIVACY_PATHS = new Set(['phone', 'last-seen', 'photo', 'bio', 'birthday', 'forwards', 'groups', 'voice', 'blocked', 'password', 'sites', 'auto-delete', 'delete']);

/** Whether an address of the settings is that of a page about privacy. Pure. */
export function isPrivacyPath(section: string): boolean {
  const [first, second] = section.split('/');
  return first === 'privacy' && (second === undefined || PRIVACY_PATHS.has(second));
}
