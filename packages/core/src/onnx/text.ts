import { getTextEncoding } from '@bufbuild/protobuf/wire'

/** The bytes as text, a leading U+FEFF included; undefined where they are not UTF-8. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return getTextEncoding().decodeUtf8(bytes, true)
  } catch {
    return undefined
  }
}

/** The text as UTF-8. */
export const encodeText = (text: string): Uint8Array => getTextEncoding().encodeUtf8(text)
