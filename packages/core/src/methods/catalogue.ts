import { InvalidInputError } from '../errors.ts'
import { unknownName } from '../settings/index.ts'
import { none } from './baseline/none.ts'
import { targetOnly } from './baseline/target-only.ts'
import { deepMethods } from './deep/catalogue.ts'
import { componentMethods } from './feature/components/index.ts'
import { coral } from './feature/coral.ts'
import { gfk } from './feature/gfk.ts'
import { jda } from './feature/jda.ts'
import { languageMethods } from './feature/language/index.ts'
import { manifoldMethods } from './feature/manifold/index.ts'
import { pca } from './feature/pca.ts'
import { sa } from './feature/sa.ts'
import { spacesMethods } from './feature/spaces/index.ts'
import { tca } from './feature/tca.ts'
import { transportMethods } from './feature/transport/index.ts'
import { transportLabelMethods } from './feature/transport-labels/index.ts'
import { boostingMethods } from './instance/boosting/index.ts'
import { densityMethods } from './instance/density/index.ts'
import { labelShiftMethods } from './instance/label-shift/index.ts'
import { sourcesMethods } from './instance/sources/index.ts'
import type { Method } from './method.ts'
import { linearMethods } from './parameter/linear/index.ts'
import { treeMethods } from './parameter/trees/index.ts'
import { relationMethods } from './relation/index.ts'

/** Every method, in the order in which they are listed. */
export const methods: readonly Method[] = [
  none,
  targetOnly,
  pca,
  sa,
  coral,
  gfk,
  tca,
  jda,
  ...componentMethods,
  ...manifoldMethods,
  ...transportMethods,
  ...transportLabelMethods,
  ...languageMethods,
  ...spacesMethods,
  ...densityMethods,
  ...labelShiftMethods,
  ...sourcesMethods,
  ...boostingMethods,
  ...linearMethods,
  ...treeMethods,
  ...relationMethods,
  ...deepMethods,
]

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
