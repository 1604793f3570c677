/** Whether tests run in their full size (`npm run test:all`) instead of the shorter one that fits into `npm test`. */
const isFull = process.env['AEROGRAM_TEST_SIZE'] === 'full';

/** @returns the number for the kind of run that this is */
export const sizeOf = (size: { short: number; full: number }): number => (isFull ? size.full : size.short);
