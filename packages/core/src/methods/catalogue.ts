import { InvalidInputError } from '../errors.ts'
import { unknownName } from '../settings/index.ts'
import { none } from './baseline/none.ts'
import { targetOnly } from './baseline/target-only.ts'
import { coral } from './feature/coral.ts'
import { gfk } from './feature/gfk.ts'
import { jda } from './feature/jda.ts'
import { pca } from './feature/pca.ts'
import { sa } from './feature/sa.ts'
import { tca } from './feature/tca.ts'
import type { Method } from './method.ts'

/** Every method, in the order in which they are listed. */
export const methods: readonly Method[] = [none, targetOnly, pca, sa, coral, gfk, tca, jda]

/** The method with an id; throws `InvalidInputError` with the nearest one and all that there are. */
export function findMethod(id: string): Method {
  const method = methods.find((candidate) => candidate.id === id)
  if (method !== undefined) return method
  throw new InvalidInputError(
    unknownName(
      'method',
      id,
      methods.map((candidate) => candidate.id),
    ),
  )
}
