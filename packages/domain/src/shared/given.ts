/**
 * The value of an optional field, without the values that stand for an absent one: apps write 0 or a negative number, with the flag of the field, where they have
 * no id of a message, offset, amount, period or document. Pure.
 *
 * Not for ids of users and chats, which say what somebody may use. Calls that delete, unpin or read take only those values for absent which apps send to them.
 */
export function given<T extends number | bigint>(value: T | undefined): T | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}
