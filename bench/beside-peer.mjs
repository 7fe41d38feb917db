/** What the benchmarks of closed-form methods beside a peer share: options, tasks, the comparison and its table. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { median } from './child.mjs'

/** A path beside the benchmarks. */
export const here = (path) => fileURLToPath(new URL(path, import.meta.url))

/** The options of a call, checked; `data` is the folder of benchmark data. */
export function peerOptions(usualRuns) {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      data: { type: 'string' },
      runs: { type: 'string', default: String(usualRuns) },
      only: { type: 'string', default: '' },
    },
  })
  const runs = Number(values.runs)
  if (!(runs >= 1)) leave(`--runs wants a whole number of 1 or more, got "${values.runs}"`)
  const { json, only } = values
  return {
    json,
    only,
    runs,
    given: values.data,
    data: values.data ?? process.env.GRAFT_DATA ?? here('../../shared/data'),
  }
}

/** Two transfers on real data; ends the process where their files are missing. */
export function peerTasks(data) {
  const tasks = [
    {
      task: 'Caltech to Amazon',
      files: ['office-caltech10-surf/caltech.npz', 'office-caltech10-surf/amazon.npz'],
      scale: 'l1-zscore',
    },
    { task: 'USPS to MNIST', files: ['digits/usps1800.npz', 'digits/mnist2000.npz'], scale: 'zscore' },
  ].map(({ task, files, scale }) => ({ task, paths: files.map((file) => join(data, file)), scale }))
  const missing = tasks.flatMap(({ paths }) => paths).find((path) => !existsSync(path))
  if (missing !== undefined) leave(`${missing} is missing: name the folder of benchmark data by --data or GRAFT_DATA`)
  return tasks
}

/**
 * Runs `sides.graft` and `sides.peer` in turn, the one that goes first changing, and gives the medians in milliseconds; a
 * side that is undefined is left out. `peerName` may follow from the peer's first result.
 */
export async function compare(name, sides, runs, peerName) {
  const results = { graft: [], peer: [] }
  for (let run = 0; run < runs; run++) {
    for (const side of run % 2 === 0 ? ['graft', 'peer'] : ['peer', 'graft']) {
      if (sides[side] !== undefined) results[side].push(await sides[side]())
    }
    console.error(`${name}: run ${run + 1} of ${runs}`)
  }
  const milliseconds = (side, field = 'seconds') =>
    side.length === 0 ? null : round(1000 * median(side.map((result) => result[field])))
  const [graft, peer] = [milliseconds(results.graft), milliseconds(results.peer)]
  const [first, firstOfPeer] = [results.graft[0], results.peer[0]]
  return {
    case: name,
    graft,
    peer,
    peerName: peerName(firstOfPeer),
    ratio: peer === null ? null : round(graft / peer),
    runs,
    graftFirst: milliseconds(results.graft, 'firstSeconds'),
    graftValue: first.value ?? first.accuracy,
    peerValue: firstOfPeer?.value ?? firstOfPeer?.accuracy ?? null,
  }
}

/** Prints the cases as one JSON object or a table. */
export function printCases(bench, cases, json) {
  if (json) {
    console.log(JSON.stringify({ bench, cases }))
    return
  }
  console.table(
    Object.fromEntries(
      cases.map((row) => [
        row.case,
        {
          'graft, ms': row.graft,
          'peer, ms': row.peer ?? '-',
          peer: row.peerName,
          'graft / peer': row.ratio ?? '-',
          'graft, first run, ms': row.graftFirst ?? '-',
          'graft, share right or cost': row.graftValue ?? '-',
          'peer, the same': row.peerValue ?? '-',
        },
      ]),
    ),
  )
}

export function leave(message) {
  console.error(message)
  process.exit(2)
}

const round = (value) => Math.round(value * 1000) / 1000
