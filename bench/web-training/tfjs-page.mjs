/**
 * TensorFlow.js's side, in the page: `?case=NETWORK&backend=cpu|wasm`. Gives `reason` where the backend cannot train the
 * network: the WebAssembly one has no kernels for some gradients.
 */
import { stepper } from './tfjs-steps.mjs'
import { timed } from './timing.mjs'

const packages = '/bench/web-training/node_modules/@tensorflow'

export async function inBrowser() {
  const { searchParams } = new URL(import.meta.url)
  const backend = searchParams.get('backend')
  await load('tfjs-core', 'tf-core')
  // The gradients of tfjs-core's operators are in this file, not in its own.
  await load('tfjs-layers', 'tf-layers')
  await load('tfjs-backend-cpu', 'tf-backend-cpu')
  if (backend === 'wasm') {
    await load('tfjs-backend-wasm', 'tf-backend-wasm')
    tf.wasm.setWasmPaths(`${packages}/tfjs-backend-wasm/dist/`)
    tf.wasm.setThreadsCount(2)
  }
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend} here`)
  await tf.ready()
  try {
    const result = await timed(stepper(tf, searchParams.get('case')))
    return { ...result, version: tf.version_core, ...(backend === 'wasm' && { threads: tf.wasm.getThreadsCount() }) }
  } catch (error) {
    if (!error.message.includes('not registered')) throw error
    return { reason: error.message, version: tf.version_core }
  }
}

/** The packages' own browser builds add to a global `tf`. */
function load(name, file) {
  const script = document.createElement('script')
  script.src = `${packages}/${name}/dist/${file}.min.js`
  return new Promise((resolve, reject) => {
    script.onload = resolve
    script.onerror = () => reject(new Error(`${script.src} cannot be loaded`))
    document.head.append(script)
  })
}
