/** Rows of the benchmark of forgetting. */

/** The rows of each class in an order of its own. */
export function rowsByClass(labels, classes, random) {
  return Array.from({ length: classes }, (_, label) => {
    const rows = [...labels.keys()].filter((row) => labels[row] === label)
    return Array.from(random.fork(`class ${label}`).permutation(rows.length), (place) => rows[place])
  })
}

/** Rows `from` to `to` of each class. */
export const someOf = (byClass, from, to) => Int32Array.from(byClass.flatMap((rows) => rows.slice(from, to)))

/** A float32 tensor of some rows of another. */
export function pick({ dims, data }, rows) {
  const width = dims.slice(1).reduce((product, dim) => product * dim, 1)
  const chosen = new Float32Array(rows.length * width)
  for (const [i, row] of rows.entries()) chosen.set(data.subarray(row * width, (row + 1) * width), i * width)
  return { type: 'float32', dims: [rows.length, ...dims.slice(1)], data: chosen }
}

/** The part of labelled rows for which an output of a model is largest at the label. */
export async function accuracyOn(runtime, model, output, { rows, labels, fetch }) {
  const asked = {
    ...model,
    graph: { ...model.graph, outputs: model.graph.outputs.filter(({ name }) => name === output) },
  }
  const input = model.graph.inputs[0].name
  let right = 0
  for (let from = 0; from < rows; from += 32) {
    const some = Int32Array.from({ length: Math.min(32, rows - from) }, (_, i) => from + i)
    const { dims, data } = (await runtime.run(asked, { [input]: await fetch(some, 0) }))[output]
    some.forEach((row, i) => {
      const scores = data.subarray(i * dims[1], (i + 1) * dims[1])
      if (scores.indexOf(Math.max(...scores)) === labels[row]) right++
    })
  }
  return right / rows
}
