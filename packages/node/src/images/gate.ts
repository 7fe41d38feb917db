/** Lets work pass while what is under way costs no more than a limit; what alone costs more goes by itself. */
export type Gate = <T>(cost: number, work: () => Promise<T>) => Promise<T>

/** Makes a gate; work waits in the order in which it came. */
export function gateOf(limit: number): Gate {
  let used = 0
  const waiting: { cost: number; start: () => void }[] = []
  const admit = () => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (used > 0 && used + next.cost > limit) return
      waiting.shift()
      used += next.cost
      next.start()
    }
  }
  return async (cost, work) => {
    await new Promise<void>((start) => {
      waiting.push({ cost, start })
      admit()
    })
    try {
      return await work()
    } finally {
      used -= cost
      admit()
    }
  }
}
