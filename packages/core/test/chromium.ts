import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createViteServer } from 'vitest/node'

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Why tests in a browser are left out; undefined where there is one. */
export const noChromium = existsSync(chromium)
  ? undefined
  : `no ${chromium}: install Debian's chromium, or set CHROMIUM`

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  // WebGPU on a software adapter: slow, but right.
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
]

const isolated = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/**
 * Imports a module of this repository (a path from its root) in headless Chromium, in a page that may use threads, and
 * returns the JSON that its function `inBrowser` gives. Rejects with what it throws, or after `seconds`.
 */
export async function runInChromium(module: string, seconds = 45): Promise<unknown> {
  const profile = await mkdtemp(join(tmpdir(), 'graft-chromium-'))
  const { promise, resolve, reject } = settled()
  const page = `<!doctype html><script type="module">
    const send = (kind, body) => fetch('/' + kind, { method: 'POST', body })
    import('/${module}').then((m) => m.inBrowser()).then((value) => send('result', JSON.stringify(value)))
      .catch((error) => send('failure', String(error?.stack ?? error)))
  </script>`
  const server = await createViteServer({
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    configFile: false,
    logLevel: 'silent',
    appType: 'custom',
    cacheDir: join(profile, 'vite'),
    optimizeDeps: { noDiscovery: true },
    server: { host: '127.0.0.1', port: 0, headers: isolated, hmr: false, watch: null },
    plugins: [
      {
        name: 'page',
        configureServer: ({ middlewares }) => {
          middlewares.use((request: IncomingMessage, response, next) => {
            if (request.url === '/page') response.writeHead(200, { ...isolated, 'Content-Type': 'text/html' }).end(page)
            else if (request.method !== 'POST') next()
            else {
              text(request).then(request.url === '/result' ? resolve : (reason) => reject(new Error(reason)))
              response.end()
            }
          })
        },
      },
    ],
  })
  await server.listen()
  const address = server.resolvedUrls?.local[0] ?? `http://127.0.0.1:${server.config.server.port}/`
  const browser = spawn(chromium, [...flags, `--user-data-dir=${profile}`, `${address}page`], { stdio: 'ignore' })
  const ended = new Promise((done) => browser.once('exit', done))
  browser.once('error', reject)
  const timer = setTimeout(() => reject(new Error(`no result from Chromium within ${seconds} s`)), 1000 * seconds)
  try {
    return JSON.parse(await promise)
  } finally {
    clearTimeout(timer)
    browser.kill('SIGKILL')
    await ended
    await server.close()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** A promise that someone else settles (`Promise.withResolvers`, which Node 20 lacks). */
function settled(): { promise: Promise<string>; resolve: (value: string) => void; reject: (error: Error) => void } {
  let resolve: (value: string) => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<string>((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  return { promise, resolve, reject }
}
