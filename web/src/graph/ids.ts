/** Fresh ids, as the Python builder gives them: `empty_latent_1`, `empty_latent_2`. */

import type { Table } from "./document";

export function freshId(taken: Table<unknown>, type: string): string {
  const stem = snakeCase(type.slice(type.lastIndexOf("/") + 1)) || "node";
  return freshName(taken, `${stem}_`);
}

/** The first of `stem1`, `stem2`, ... that is free. */
export function freshName(taken: Table<unknown>, stem: string): string {
  for (let count = 1; ; count += 1) {
    const id = `${stem}${count}`;
    if (!Object.hasOwn(taken, id)) return id;
  }
}

/** The name itself where it is free, else with a number. */
export function freeName(taken: Table<unknown>, name: string): string {
  return Object.hasOwn(taken, name) ? freshName(taken, `${name.replace(/_\d+$/, "")}_`) : name;
}

/** `VQGANDecoder` -> `vqgan_decoder`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
