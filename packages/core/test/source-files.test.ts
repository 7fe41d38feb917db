import { describe, expect, it } from 'vitest'
import { importsOf, withoutComments, withoutStrings } from './source-files.ts'

describe('reading source files', () => {
  it('leaves comments out and strings in', () => {
    expect(withoutComments("a // b\nc /* d\n */ e 'f // g' `h /* i */`")).toBe("a \nc  e 'f // g' `h /* i */`")
  })

  it('leaves strings out', () => {
    expect(withoutStrings(`process('fetch', "a\\"b")`)).toBe(`process('', '')`)
  })

  it('finds every form of import', () => {
    const text = [
      "import type { A } from './a.ts'",
      "import './b.ts'",
      "export * from './c.ts'",
      "const d = await import('d')",
      "// import 'e'",
      "import {\n  type F,\n  G as H,\n} from './f.ts'",
      "export { type I } from './i.ts'",
      "export const from = 'j'",
      "throw new Error(`not from '$" + "{k}'`)",
    ].join('\n')
    expect(importsOf(text)).toEqual([
      { module: 'd', dynamic: true },
      { module: './a.ts', dynamic: false },
      { module: './b.ts', dynamic: false },
      { module: './c.ts', dynamic: false },
      { module: './f.ts', dynamic: false },
      { module: './i.ts', dynamic: false },
    ])
  })
})
