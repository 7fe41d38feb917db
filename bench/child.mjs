/** Runs a measurement in a process of its own. */
import { spawn } from 'node:child_process'

/** Starts a command and reads the last line it printed as JSON; where it fails, throws what it wrote as errors. */
export function measure(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const out = []
    const errors = []
    child.stdout.on('data', (chunk) => out.push(chunk))
    child.stderr.on('data', (chunk) => errors.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0) {
        const reason = Buffer.concat(errors).toString().trim()
        reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${reason}`))
        return
      }
      resolve(JSON.parse(Buffer.concat(out).toString().trim().split('\n').at(-1)))
    })
  })
}

/** The middle value; the mean of the two middle ones of an even number. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}
