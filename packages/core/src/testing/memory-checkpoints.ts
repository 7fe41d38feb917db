/** A store of checkpoints in memory that keeps all of them. */
export interface MemoryCheckpoints {
  /** Oldest first; a test may change it. */
  readonly stored: Uint8Array[]
  write(bytes: Uint8Array): Promise<void>
  list(): Promise<{ readonly name: string; read(): Promise<Uint8Array> }[]>
}

/** A store that holds copies of these checkpoints, oldest first, named by their number from 0. */
export function memoryCheckpoints(stored: readonly Uint8Array[] = []): MemoryCheckpoints {
  const kept = stored.map((bytes) => bytes.slice())
  return {
    stored: kept,
    async write(bytes) {
      kept.push(bytes.slice())
    },
    async list() {
      return kept.map((bytes, i) => ({ name: `checkpoint ${i}`, read: async () => bytes.slice() })).reverse()
    },
  }
}
