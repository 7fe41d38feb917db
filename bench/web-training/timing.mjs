const LONG = 5000

/**
 * The time of a step in milliseconds: the median of 30 steps, or of as many as 5 seconds hold, after 5 that do not count.
 * Where the first step alone takes longer than that, it is the measurement.
 */
export async function timed(step) {
  const first = await once(step)
  if (first > LONG) return { milliseconds: first, steps: 1 }
  for (let i = 1; i < 5; i++) await step()
  const times = []
  const end = performance.now() + LONG
  while (times.length < 30 && performance.now() < end) times.push(await once(step))
  return { milliseconds: times.sort((a, b) => a - b)[times.length >> 1], steps: times.length }
}

async function once(step) {
  const start = performance.now()
  await step()
  return performance.now() - start
}
