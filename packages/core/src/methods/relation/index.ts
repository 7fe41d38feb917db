import type { Method } from '../method.ts'
import { gromovWasserstein } from './gromov-wasserstein.ts'
import { manifoldAlignment } from './manifold-alignment.ts'
import { manifoldAlignmentByGeometry } from './manifold-alignment-by-geometry.ts'
import { relationalKnn } from './relational-knn.ts'

/** Relations among rows instead of their features. */
export const relationMethods: readonly Method[] = [
  gromovWasserstein,
  manifoldAlignment,
  manifoldAlignmentByGeometry,
  relationalKnn,
]
