import type { Node } from './model.ts'

/** A node's float attribute: files hold it in float32, and so do ONNX's own defaults. */
export function floatOf(node: Node, name: string, fallback: number): number {
  const found = node.attributes[name]
  return Math.fround(found?.type === 'float' ? found.value : fallback)
}

/** A node's whole-number attribute. */
export function intOf(node: Node, name: string, fallback: number): number {
  const found = node.attributes[name]
  return found?.type === 'int' ? Number(found.value) : fallback
}

/** A node's list of whole numbers, or undefined where the attribute is not there. */
export function intsOf(node: Node, name: string): number[] | undefined {
  const found = node.attributes[name]
  return found?.type === 'ints' ? found.value.map(Number) : undefined
}

/** A node's text attribute. */
export function textOf(node: Node, name: string, fallback: string): string {
  const found = node.attributes[name]
  return found?.type === 'string' ? found.value : fallback
}

/** A node for messages: its operator, and its name where it has one. */
export const describeNode = (node: Node): string => (node.name === '' ? node.op : `${node.op} "${node.name}"`)
