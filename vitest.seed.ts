import { configureGlobal } from 'fast-check'

/** Random tests draw the same cases on every run; `FAST_CHECK_SEED=123 npm test` draws others. */
configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 1) })
