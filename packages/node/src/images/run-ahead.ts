/**
 * Does `work` on items in their order, up to `ahead` of them at a time and before they are asked for, and gives the results
 * in order. Where the reader stops or the signal aborts, nothing new begins and what is under way is waited for.
 */
export async function* runAhead<T, R>(
  items: Iterable<T>,
  work: (item: T) => Promise<R>,
  { ahead, signal }: { readonly ahead: number; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = []
  const source = items[Symbol.iterator]()
  const begin = () => {
    const next = source.next()
    if (next.done === true) return false
    const result = work(next.value)
    // Read below; until then a failure is no unhandled one.
    result.catch(() => undefined)
    underWay.push(result)
    return true
  }
  try {
    for (;;) {
      signal?.throwIfAborted()
      while (underWay.length < ahead && begin());
      const first = underWay.shift()
      if (first === undefined) return
      const result = await first
      begin()
      yield result
    }
  } finally {
    await Promise.allSettled(underWay)
  }
}
