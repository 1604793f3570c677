/** Calls `leave` when something outside of these elements is pressed. @returns a function that stops that */
export function onPressOutside(elements: readonly Element[], leave: () => void): () => void {
  const onPress = ({ target }: Event): void => {
    if (target instanceof Node && !elements.some((element) => element.contains(target))) leave();
  };
  // While the event goes down, so that an element that keeps it to itself is heard, too.
  document.addEventListener('pointerdown', onPress, true);
  return () => document.removeEventListener('pointerdown', onPress, true);
}
