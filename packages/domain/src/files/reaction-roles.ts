import type { tl } from '@aerogram/tl';

/** What the documents of a reaction are for. */
export type ReactionRole = Exclude<keyof tl.availableReaction, '_' | 'inactive' | 'premium' | 'reaction' | 'title'>;

/** Makes something for each role. */
export function forEachRole<T>(make: (role: ReactionRole) => T): Record<ReactionRole, T> {
  return {
    static_icon: make('static_icon'),
    appear_animation: make('appear_animation'),
    select_animation: make('select_animation'),
    activate_animation: make('activate_animation'),
    effect_animation: make('effect_animation'),
    around_animation: make('around_animation'),
    center_icon: make('center_icon'),
  };
}
