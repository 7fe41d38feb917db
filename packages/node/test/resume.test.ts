import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { workFolder } from './graft.ts'

const script = fileURLToPath(new URL('training-child.mjs', import.meta.url))
const folder = workFolder()
/** 5 epochs of 230 rows in batches of 16. */
const STEPS = 75

interface Ended {
  /** The steps that it said. */
  readonly steps: number[]
  readonly signal: NodeJS.Signals | null
  readonly code: number | null
  readonly errors: string
}

/** Trains in a process of its own; kills it by SIGKILL in the step `killAt`. */
function training(args: readonly string[], killAt?: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args, ...(killAt === undefined ? [] : [`${killAt}`])], {
      cwd: folder,
    })
    let said = ''
    let errors = ''
    const steps = () => [...said.matchAll(/step (\d+)\n/g)].map(([, step]) => Number(step))
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (steps().at(-1) === killAt) child.kill('SIGKILL')
    })
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString()
    })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ steps: steps(), signal, code, errors }))
  })
}

describe('training that is killed in the middle of an epoch', () => {
  it('goes on from its last checkpoint, to the same file byte by byte', async () => {
    const whole = await training(['whole.onnx'])
    expect(whole).toMatchObject({ code: 0, errors: '' })
    expect(whole.steps).toEqual([...Array(STEPS).keys()].map((i) => i + 1))

    // Checkpoints are written after every fourth step, and after the 15th of each epoch.
    for (const [killAt, goesOnAt] of [
      [6, 1],
      [24, 5],
      [31, 21],
      [57, 31],
    ] as const) {
      const killed = await training(['resumed.onnx', 'checkpoints'], killAt)
      expect(killed.signal).toBe('SIGKILL')
      expect(existsSync(join(folder, 'resumed.onnx'))).toBe(false)
      expect(killed.steps.at(-1)).toBe(killAt)
      expect(killed.steps[0]).toBe(goesOnAt)
    }
    const last = await training(['resumed.onnx', 'checkpoints'])
    expect(last).toMatchObject({ code: 0, errors: '' })
    expect(last.steps[0]).toBe(57)
    expect(last.steps.at(-1)).toBe(STEPS)
    expect(readFileSync(join(folder, 'resumed.onnx'))).toEqual(readFileSync(join(folder, 'whole.onnx')))
    expect(readdirSync(join(folder, 'checkpoints')).length).toBe(2)
  })

  it('goes back one checkpoint further where the last one was cut short, and says so', async () => {
    await training(['cut.onnx', 'cut'], 38)
    const names = readdirSync(join(folder, 'cut'))
      .filter((name) => name.endsWith('.graft'))
      .sort()
    expect(names.length).toBe(2)
    const newest = join(folder, 'cut', names[1]!)
    writeFileSync(newest, readFileSync(newest).subarray(0, 1000))
    const resumed = await training(['cut.onnx', 'cut'])
    expect(resumed.code).toBe(0)
    expect(resumed.errors).toMatch(/went back to the checkpoint .*; refused .*cut short or altered/)
    expect(readFileSync(join(folder, 'cut.onnx'))).toEqual(readFileSync(join(folder, 'whole.onnx')))
  })
})
