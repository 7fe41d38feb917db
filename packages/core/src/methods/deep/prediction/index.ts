import type { Method } from '../../method.ts'
import { afn } from './afn.ts'
import { bnm } from './bnm.ts'
import { bsp } from './bsp.ts'
import { mcc } from './mcc.ts'

/** Methods that shape what the network says of the target's rows. */
export const predictionMethods: readonly Method[] = [mcc, afn, bsp, bnm]
