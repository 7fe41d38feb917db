import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

const launcher = fileURLToPath(new URL('../bin/graft.js', import.meta.url))

/** What a process of the real command did. */
export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `graft ARGS` in a folder as a child process; `started` may talk to it meanwhile. */
export function graft(
  folder: string,
  args: readonly string[],
  started?: (child: ChildProcess) => void,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const { FORCE_COLOR: _, ...env } = process.env
    const child = spawn(process.execPath, [launcher, ...args], { cwd: folder, env })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
    started?.(child)
  })
}

/** A folder for the files of one test file, removed after its tests. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'graft-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes a file into the folder and gives its name back. */
export function put(folder: string, name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content)
  return name
}

/** The names of all that is in a folder; none where there is no folder. */
export function contents(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true }).map(String).sort()
  } catch {
    return []
  }
}
