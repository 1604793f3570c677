// The part of lottie-web that this client uses: its types are those of the whole package.
declare module 'lottie-web/build/player/lottie_light_canvas.min.js' {
  import type { AnimationItem, LottiePlayer } from 'lottie-web';
  export type { AnimationItem };
  const lottie: LottiePlayer;
  export default lottie;
}
