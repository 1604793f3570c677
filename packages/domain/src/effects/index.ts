/** What acts here do to people whose home is another data centre. */
export { type EffectHandler, FrameApplier, FrameGap } from './apply-frames.ts';
export { type Effect, type EffectKind, MAX_FRAME_BYTES, packPlain, unpackPlain, wireBytes, wireInt, wireUserId } from './effect.ts';
export { createFrameSeals, type FrameSeals, SEAL_BYTES } from './frame-seals.ts';
export { tellLast, type Told } from './tell-last.ts';
