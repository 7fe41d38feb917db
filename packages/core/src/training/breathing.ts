/**
 * A function that lets timers and signals be served, a few times a second however often it is called: runs of ONNX
 * Runtime block the thread they are on.
 */
export function breathing(): () => Promise<void> {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < 50) return
    await new Promise<void>((resolve) => setTimeout(resolve))
    last = performance.now()
  }
}
