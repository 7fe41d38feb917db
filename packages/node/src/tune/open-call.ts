import { describeNetwork, type Network, nodeRuntime, type Runtime } from 'graft-learn'
import { checkOutputFolder } from '../files/index.ts'
import { type ModelFile, readModelFile } from '../saved-model/index.ts'
import { DEFAULT_OUT, type TuneCall, type TuneWatch } from './call.ts'
import { oldClassesOf } from './old-classes.ts'
import { readSources, type TuneSources } from './read-sources.ts'

/** What a call works with, whatever it does then. */
export interface OpenedCall {
  readonly out: string
  readonly runtime: Runtime
  readonly file: ModelFile
  readonly described: Network
  readonly sources: TuneSources
}

/** Reads model and rows; throws `InvalidInputError` where they are wrong or do not fit, with nothing written. */
export async function openCall(call: TuneCall, augment: boolean, watch: TuneWatch): Promise<OpenedCall> {
  const out = call.out ?? DEFAULT_OUT
  const file = await readModelFile(call.model)
  await checkOutputFolder(out)
  const runtime = await nodeRuntime(call.threads === undefined ? {} : { threads: call.threads })
  const described = await describeNetwork(runtime, file.model, { features: call.features })
  const request = { call, modelFile: file.file, model: file.model, described, runtime, augment, watch }
  const sources = await readSources(request, () => oldClassesOf(file, described))
  return { out, runtime, file, described, sources }
}
