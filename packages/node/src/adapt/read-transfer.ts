import { InvalidInputError, type Runtime } from 'graft-learn'
import { imageLayout } from '../images/index.ts'
import { columnOptions, type ReadTableOptions, readTable, type Table, toSinglePrecision } from '../tables/index.ts'
import { readBackbone } from './backbone.ts'
import type { AdaptCall, Hooks } from './call.ts'
import { imageTable } from './image-table.ts'
import type { Plan } from './plan.ts'
import { readPairs } from './read-pairs.ts'
import { tableNetwork } from './table-network.ts'
import { type TransferChoices, type TransferData, transferData } from './transfer-data.ts'

/** Reads the files of a call, at the precision of a saved model, and puts them into the same columns. Throws `InvalidInputError`. */
export async function readTransfer(
  call: AdaptCall,
  choices: TransferChoices & Pick<Plan, 'networks'>,
  { runtime, hooks }: { readonly runtime: Runtime; readonly hooks: Pick<Hooks, 'warn' | 'note' | 'progress'> },
): Promise<TransferData> {
  const options = columnOptions(call)
  const learn = { ...options, labelRequired: true }
  const wanted: [file: string, options: ReadTableOptions][] = [
    ...call.sources.map((file): [string, ReadTableOptions] => [file, learn]),
    [call.target, options],
    ...(call.labelledTarget === undefined ? [] : [[call.labelledTarget, learn] as [string, ReadTableOptions]]),
  ]
  const folders = await imageFolders(
    call,
    wanted.map(([file]) => file),
    choices.networks,
  )
  const backbone = folders.size === 0 ? undefined : await readBackbone(runtime, call, choices.networks, hooks)
  const network =
    backbone?.network ??
    (call.backbone === undefined ? undefined : await tableNetwork(runtime, call.backbone, choices.networks))
  const tables: Table[] = []
  for (const [file, how] of wanted) {
    const role = how === options ? 'predict' : 'learn'
    tables.push(
      backbone !== undefined && folders.has(file)
        ? await imageTable(runtime, backbone, file, role, { cache: call.cache, hooks })
        : await readTable(file, how),
    )
  }
  checkDropped(call.drop ?? [], tables)
  await countAlike(tables, wanted)
  for (const table of tables) toSinglePrecision(table)
  const n = call.sources.length
  const labelledTarget = tables[n + 1]
  const data = transferData(
    { sources: tables.slice(0, n), target: tables[n]!, ...(labelledTarget === undefined ? {} : { labelledTarget }) },
    hooks.warn,
    choices,
  )
  const made = {
    ...data,
    ...(network && { network }),
    ...(backbone !== undefined && folders.has(call.target) && { backbone }),
  }
  if (call.pairs === undefined) return made
  const pairs = await readPairs(call.pairs, {
    source: data.sources.reduce((sum, { features }) => sum + features.rows, 0),
    target: data.target.features.rows,
    labelledTarget: data.labelledTarget?.features.rows ?? 0,
  })
  return { ...made, pairs }
}

/** Which files of a call are folders of images. Throws `InvalidInputError` where these and --backbone do not go together. */
async function imageFolders(
  { backbone, reuse, task }: AdaptCall,
  files: readonly string[],
  networks: Plan['networks'],
): Promise<ReadonlySet<string>> {
  const folders = new Set<string>()
  for (const file of files) if ((await imageLayout(file)) !== null) folders.add(file)
  const [first] = folders
  if (reuse !== undefined && (backbone === undefined || first === undefined)) {
    throw new InvalidInputError(
      `--reuse ${reuse}: it says how many blocks of a pretrained network stay as they are; give one with --backbone F.onnx, and folders of images`,
    )
  }
  if (backbone !== undefined && first === undefined && networks === 'none') {
    throw new InvalidInputError(
      `--backbone ${backbone}: no file of this call is a folder of images; leave --backbone out, or give FOLDER/class name/image.jpg`,
    )
  }
  if (backbone === undefined && first !== undefined) {
    throw new InvalidInputError(
      'it is a folder: images need a pretrained network that makes features of them, --backbone F.onnx',
      { file: first },
    )
  }
  if (first !== undefined && task === 'regression') {
    throw new InvalidInputError('folders of images name classes, not numbers: leave --task regression out', {
      file: first,
    })
  }
  return folders
}

function checkDropped(drop: readonly string[], tables: readonly Table[]): void {
  const unknown = drop.filter((name) => !tables.some((table) => table.dropped.includes(name)))
  if (unknown.length === 0) return
  throw new InvalidInputError(`--drop ${unknown.join(',')}: no file has such a column; check the name`)
}

/** Where one svmlight file counts features from 0, all do: those without an index 0 are read again so. */
async function countAlike(tables: Table[], wanted: readonly [string, ReadTableOptions][]): Promise<void> {
  if (!tables.some((table) => table.firstIndex === 0)) return
  for (const [i, table] of tables.entries()) {
    if (table.firstIndex === 1) tables[i] = await readTable(wanted[i]![0], { ...wanted[i]![1], firstIndex: 0 })
  }
}
