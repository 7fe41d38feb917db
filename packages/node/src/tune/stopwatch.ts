/** Gives the seconds since it was made. */
export function stopwatch(): () => number {
  const since = performance.now()
  return () => (performance.now() - since) / 1000
}
