/** The part of an invite link that no other link has. Pure. */
export const inviteHash = (link: string): string => link.replace(/^.*\/\+?/, '');
