import type { tl } from '@aerogram/tl';

/** What the documents of a reaction are for. Clients show `center_icon` as a picture too, so it is the `static_icon`. */
export type ReactionRole = Exclude<keyof tl.availableReaction, '_' | 'inactive' | 'premium' | 'reaction' | 'title' | 'center_icon'>;

/** Makes something for each role. */
export function forEachRole<T>(make: (role: ReactionRole) => T): Record<ReactionRole, T> {
  return {
    static_icon: make('static_icon'),
    appear_animation: make('appear_animation'),
    select_animation: make('select_animation'),
    activate_animation: make('activate_animation'),
    effect_animation: make('effect_animation'),
    around_animation: make('around_animation'),
  };
}
