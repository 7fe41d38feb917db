import { cnn, InvalidInputError, type LayerTransferOptions, lenet, mlp } from 'graft-learn'
import type { NetworkName } from './call.ts'
import type { ReadRows } from './read-data.ts'

/** Units of the perceptron's hidden layers. */
const HIDDEN = [128, 64, 64, 32]

/** Makes fresh networks for the rows; throws `InvalidInputError` where they are too small for it. */
export function networkFor(name: NetworkName, { image, inputs, file }: ReadRows): LayerTransferOptions['network'] {
  if (name === 'mlp') {
    const [, width] = inputs.dims as [number, number]
    return (classes, random) => mlp({ inputs: width, hidden: HIDDEN, classes, random })
  }
  const { channels, size } = image!
  const build = name === 'lenet' ? lenet : cnn
  if (size < 4) {
    throw new InvalidInputError(
      `its images have ${size} × ${size} pixels, and ${name} needs 4 × 4: use --network mlp`,
      {
        file,
      },
    )
  }
  return (classes, random) => build({ channels, size, classes, random })
}
