/** Higher than every place in the order of votes or reactions, which are integers of 32 bits in the database: a list that begins before it begins at the newest one. */
export const LAST_PLACE = 2 ** 31 - 1;
