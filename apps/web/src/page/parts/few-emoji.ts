const ONE = String.raw`(?:\p{RI}\p{RI}|[\d#*]\uFE0F?\u20E3|\p{Extended_Pictographic}(?:\p{EMod}|\uFE0F|[\u{E0020}-\u{E007E}]+\u{E007F})?(?:\u200D\p{Extended_Pictographic}(?:\p{EMod}|\uFE0F)?)*)`;
const SINGLE = new RegExp(`^${ONE}$`, 'u');
const FEW = new RegExp(`^${ONE}{1,3}$`, 'u');

/** Whether a text consists of one to three emoji, which are drawn large. Pure. */
export const isFewEmoji = (text: string): boolean => text.length <= 60 && FEW.test(text);

/** Whether a text is one emoji and nothing else. Pure. */
export const isOneEmoji = (text: string): boolean => text.length <= 30 && SINGLE.test(text);
