import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contents, graft, put, workFolder } from './graft.ts'
import { clustersCsv, putNetwork, putPerceptron, putShapes, SMALL } from './tune-data.ts'

const root = workFolder()
const options = Object.entries(SMALL).flatMap(([name, value]) => [`--${name}`, value])
const bytesIn = (out: string): Buffer => readFileSync(join(root, out, 'model.onnx'))

/** Runs a call and interrupts it once its messages hold some words. */
async function interrupted(args: readonly string[], words: string, signal: NodeJS.Signals = 'SIGINT') {
  let heard = ''
  let sent = false
  return graft(root, args, (child) => {
    child.stderr!.on('data', (chunk: Buffer) => {
      heard += chunk.toString()
      if (!sent && heard.includes(words)) sent = child.kill(signal)
    })
  })
}

describe('graft tune, interrupted', () => {
  it('saves the best so far, ends with 130, and --resume ends as if it had never stopped', async () => {
    const network = putNetwork(join(root, 'net.onnx'))
    const train = await putShapes(join(root, 'train'), 12, 1)
    const call = ['tune', '--model', network, '--train', train, '--cache', join(root, 'cache'), ...options]
    const args = [...call, '--reuse', '1', '--epochs', '40', '--set', 'batchSize=4', '--set', 'learningRate=0.002']
    const cut = await interrupted([...args, '--out', 'cut'], 'epoch 3 of 40')
    expect(cut.code, cut.stderr).toBe(130)
    expect(cut.stderr).toMatch(/interrupted; the best so far is saved in cut\/model\.onnx, and --resume goes on\n$/)
    expect(existsSync(join(root, 'cut', 'checkpoints'))).toBe(true)
    expect(contents(join(root, 'cut')).filter((file) => file.endsWith('.tmp'))).toEqual([])
    const predicted = await graft(root, ['predict', '--model', 'cut', '--input', train, '--json'])
    expect(JSON.parse(predicted.stdout).rows).toBe(36)
    const early = bytesIn('cut')

    const resumed = await graft(root, [...args, '--out', 'cut', '--resume', '--json'])
    expect(resumed.code, resumed.stderr).toBe(0)
    const result = JSON.parse(resumed.stdout)
    expect(result).toMatchObject({ interrupted: false })
    expect(result.epochs).toHaveLength(40)
    expect(result.epochs[1].seconds).toBeNull()
    expect(result.epochs[39].seconds).toBeGreaterThan(0)
    expect(existsSync(join(root, 'cut', 'checkpoints'))).toBe(false)
    const whole = await graft(root, [...args, '--out', 'whole', '--json'])
    expect(bytesIn('cut').equals(bytesIn('whole'))).toBe(true)
    expect(bytesIn('cut').equals(early)).toBe(false)
    const untimed = (epochs: readonly object[]) => epochs.map((epoch) => ({ ...epoch, seconds: null }))
    expect(untimed(result.epochs)).toEqual(untimed(JSON.parse(whole.stdout).epochs))
  })

  it('says in JSON that it was, on SIGTERM too; a call without --resume starts afresh', async () => {
    const model = putPerceptron(join(root, 'mlp.onnx'))
    const train = put(root, 'rows.csv', clustersCsv(120, 1))
    const args = ['tune', '--model', model, '--train', train, '--out', 'table', '--set', 'batchSize=2', '--json']
    const cut = await interrupted([...args, '--epochs', '200'], 'epoch 2 of 200', 'SIGTERM')
    expect(cut.code, cut.stderr).toBe(130)
    const result = JSON.parse(cut.stdout)
    expect(result).toMatchObject({ interrupted: true, refitted: false, files: { model: 'table/model.onnx' } })
    expect(result.epochs.length).toBeGreaterThan(1)
    expect(result.epochs.length).toBeLessThan(200)
    const other = await graft(root, [...args, '--epochs', '2', '--resume'])
    expect(other.code).toBe(2)
    expect(other.stderr).toMatch(/belongs to another training/)
    const afresh = await graft(root, [...args, '--epochs', '2'])
    expect(afresh.code, afresh.stderr).toBe(0)
    expect(JSON.parse(afresh.stdout).epochs[0].seconds).toBeGreaterThan(0)
    const nothing = await graft(root, [...args, '--epochs', '1', '--resume'])
    expect(nothing.code).toBe(0)
    expect(nothing.stderr).toMatch(/no checkpoints to go on from: starting afresh/)
  })
})
