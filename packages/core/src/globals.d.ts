/** The few globals that Node and browsers share and that core may use; no file, socket or process is among them. */
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>
}
declare class TextDecoder {
  decode(bytes: Uint8Array): string
}
declare const performance: { now(): number }
interface AbortSignal {
  readonly aborted: boolean
  throwIfAborted(): void
}
declare function setTimeout(callback: () => void, milliseconds?: number): unknown
