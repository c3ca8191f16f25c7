// Everybody that a rota knows by name, once each. Pure.
import type { PersonRef, RotaAbout } from "../../api/types";

/** Whoever is on one of the rotas, those of `first` before the others, each group by name. */
export function everybody(first: RotaAbout, rotas: readonly RotaAbout[]): PersonRef[] {
  const known = new Map<string, PersonRef>();
  for (const rota of [first, ...rotas.filter((one) => one.name !== first.name)]) {
    const here = [...rota.layers.flatMap((layer) => layer.people), ...rota.last_resort];
    for (const one of here.sort((a, b) => a.name.localeCompare(b.name))) if (!known.has(one.id)) known.set(one.id, one);
  }
  return [...known.values()];
}
