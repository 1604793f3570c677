/** The lifetime of what can be seen once, instead of a number of seconds. @see https://core.telegram.org/constructor/messageMediaPhoto */
export const VIEW_ONCE = 0x7f_ff_ff_ff;
