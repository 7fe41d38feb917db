import { fileURLToPath } from 'node:url'

/** Paths of the two data files that ship with the command; `data/README.md` says what they hold. */
export interface EmbeddedDigits {
  /** `.npz`, 1,800 rows of MNIST at 8 × 8 pixels. */
  readonly source: string
  /** `.npz`, the 1,797 rows of the UCI digits at 8 × 8 pixels. */
  readonly target: string
}

/** Where the handwritten digits lie that `graft demo` transfers between, from this package's source or build alike. */
export const embeddedDigits = (): EmbeddedDigits => ({
  source: fileURLToPath(new URL('../../data/mnist-8x8.npz', import.meta.url)),
  target: fileURLToPath(new URL('../../data/uci-8x8.npz', import.meta.url)),
})
