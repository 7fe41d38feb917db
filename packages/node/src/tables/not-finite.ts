/** Where the first value that is NaN or infinite stands, -1 where there is none. */
export function firstNotFinite(values: Float64Array): number {
  // A plain loop: findIndex with a function takes several times as long on millions of values.
  for (let k = 0; k < values.length; k++) if (!Number.isFinite(values[k])) return k
  return -1
}
