import type { describeSetting, Method } from 'graft-learn'

export declare function methodTable(methods: readonly Method[]): string
export declare function methodsPage(methods: readonly Method[], describe: typeof describeSetting): string
export declare function replaceBetween(text: string, markers: readonly [string, string], content: string): string
export declare const markers: readonly [string, string]
export declare function table(titles: readonly string[], rows: readonly (readonly string[])[]): string
