/**
 * The number of rows of a list that one answer holds. Clients send 0 where they leave the number to the server, so 0 and negative numbers mean as many as
 * fit into one page. Only windows of messages differ: {@link windowSize}.
 * @param wanted `limit` of the request
 * @param most number of rows in a full page
 */
export function pageSize(wanted: number, most: number): number {
  return wanted <= 0 ? most : Math.min(wanted, most);
}

/**
 * The number of messages that one answer of a history or of a search in one chat holds. Methods that select a window around a message, with `add_offset`,
 * answer no messages to 0: the desktop app asks so for the total number of photos or files alone, and would take messages in the answer for a part of
 * its list without holes.
 * @param wanted `limit` of the request
 * @param most number of messages in a full page
 */
export function windowSize(wanted: number, most: number): number {
  return Math.min(Math.max(wanted, 0), most);
}
