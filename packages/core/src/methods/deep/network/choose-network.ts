import { InvalidInputError } from '../../../errors.ts'
import type { Runtime } from '../../../runtime/index.ts'
import { type Random, sizeOf } from '../../../tensor/index.ts'
import type { DeepSettings } from '../settings.ts'
import type { DeepNetwork, NetworkChoice } from './deep-network.ts'
import { freshLenet, freshMlp } from './fresh-network.ts'
import { pretrainedNetwork } from './pretrained-network.ts'

/** The network that rows of so many features are learnt with. Throws `InvalidInputError` where they do not fit. */
export async function chooseNetwork(
  runtime: Runtime,
  choice: NetworkChoice,
  { features, outputs, random }: { readonly features: number; readonly outputs: number; readonly random: Random },
  { hidden, bottleneck, normalised }: DeepSettings,
): Promise<DeepNetwork> {
  const fresh = (byDefault: boolean) => ({ features, outputs, random, normalised: normalised ?? byDefault })
  if (choice.kind === 'mlp') return freshMlp(fresh(false), `${hidden}`.split(',').map(Number))
  if (choice.kind === 'lenet') return freshLenet(fresh(true))
  const { model, dims, features: value } = choice
  if (sizeOf(dims) !== features) {
    throw new InvalidInputError(
      `the network takes rows of ${dims.join(' × ')} numbers, got rows of ${features}: give rows in its shape`,
    )
  }
  return pretrainedNetwork(runtime, model, { dims, outputs, bottleneck, random, ...(value && { features: value }) })
}
