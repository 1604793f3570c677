/** What links to people, channels, messages and invitations begin with. Clients recognise this prefix and no other (rule P36, link forms). */
export const ME_URL_PREFIX = 'https://t.me/';
