import type { Method } from '../../method.ts'
import { adda } from './adda.ts'
import { cdan } from './cdan.ts'
import { cdanE } from './cdan-e.ts'
import { dann } from './dann.ts'
import { janA } from './jan-a.ts'
import { mcd } from './mcd.ts'
import { mdd } from './mdd.ts'
import { osbp } from './osbp.ts'
import { pada } from './pada.ts'
import { simultaneous } from './simultaneous.ts'

/** Methods in which a network or a classifier works against the features. */
export const adversarialMethods: readonly Method[] = [simultaneous, dann, adda, cdan, cdanE, mcd, mdd, janA, osbp, pada]
