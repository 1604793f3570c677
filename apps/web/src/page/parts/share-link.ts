import { withOwnOrigin } from './own-links.ts';

/** Whether the browser can hand a link to other programs. */
export const canShareLinks = (): boolean => 'share' in navigator;

/** Lets the person choose a program that gets a link of this server. Who closes the choice shares nothing. */
export const shareLink = (link: string): void => void navigator.share({ url: withOwnOrigin(link, location.origin) }).catch(() => undefined);
