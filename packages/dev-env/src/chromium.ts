import { existsSync } from 'node:fs';

/** Where Debian's package `chromium` puts the browser. */
export const CHROMIUM = '/usr/bin/chromium';

/** Whether stories, pictures and measurements of the web client can run here. */
export const hasChromium = existsSync(CHROMIUM);

/** Arguments without which the browser looks for servers of its maker, or for a graphics card. */
export const QUIET_CHROMIUM = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
