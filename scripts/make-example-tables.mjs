/**
 * Makes the two tables of examples/: machines with four sensors, in three states. The numbers are made up.
 *
 *     npm run build && node scripts/make-example-tables.mjs
 *
 * On the first machine temperature and current follow the load, vibration and sound the state. On the second, vibration
 * and sound follow the load as well, and all four sensors read on other scales: what the first machine's log teaches
 * does not hold there as it stands.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { seededRandom } from 'graft-learn'

const ROWS = 150
/** Typical deviation of each state from normal, in units of the sensors' own spread. */
const states = {
  ok: { temperature: 0, vibration: 0, current: 0, sound: 0 },
  'worn bearing': { temperature: 0, vibration: 2, current: 0, sound: -1 },
  'loose belt': { temperature: 0, vibration: 1, current: 0, sound: 2.5 },
}
const names = Object.keys(states)

/** Raw readings of one machine, a row per measurement. */
function readings(random) {
  return Array.from({ length: ROWS }, () => {
    const draw = random.uniform()
    const state = names[draw < 0.5 ? 0 : draw < 0.75 ? 1 : 2]
    const load = random.normal()
    const typical = states[state]
    return {
      temperature: typical.temperature + load + 0.3 * random.normal(),
      vibration: typical.vibration + 0.6 * random.normal(),
      current: typical.current + load + 0.3 * random.normal(),
      sound: typical.sound + 0.6 * random.normal(),
      state,
    }
  })
}

const first = (r) => [61 + 2 * r.temperature, 0.42 + 0.05 * r.vibration, 4.1 + 0.3 * r.current, 71 + 1.5 * r.sound]
const second = (r) => [
  140 + 3.5 * r.temperature,
  12 + 0.9 * (r.vibration + 1.5 * r.current),
  3.6 + 0.25 * r.current,
  64 + 2 * (r.sound - 1.5 * r.temperature),
]

function write(name, rows, sensors) {
  const lines = rows.map((row) => [...sensors(row).map((value) => value.toFixed(3)), row.state].join(','))
  const file = fileURLToPath(new URL(`../examples/${name}`, import.meta.url))
  writeFileSync(file, `${['temperature,vibration,current,sound,label', ...lines].join('\n')}\n`)
}

const random = seededRandom(0)
write('machine-a.csv', readings(random.fork('first')), first)
write('machine-b.csv', readings(random.fork('second')), second)
