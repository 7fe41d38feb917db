/** `['components=20', 'kernel=primal']` as the options of a method. */
export function readSettings(settings) {
  return Object.fromEntries(
    settings.map((setting) => {
      const [name, value] = setting.split('=')
      return [name, Number.isNaN(Number(value)) ? value : Number(value)]
    }),
  )
}
