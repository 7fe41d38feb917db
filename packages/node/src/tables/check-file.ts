import { access, constants, readdir, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { didYouMean, InvalidInputError } from 'graft-learn'

/** Throws `InvalidInputError` unless `file` is a file that can be read and is not empty. */
export async function checkFile(file: string): Promise<void> {
  const found = await stat(file).catch((error) => error as NodeJS.ErrnoException)
  if (found instanceof Error) {
    if (found.code === 'EACCES') throw unreadable(file)
    const neighbours = await readdir(dirname(file)).catch(() => [])
    throw new InvalidInputError(`no such file${didYouMean(basename(file), neighbours) || ': check the path'}`, { file })
  }
  if (found.isDirectory()) {
    throw new InvalidInputError(
      'it is a folder, expected a data file; a folder of images is for "graft tune", for "graft adapt --backbone F.onnx", and for models that take images',
      { file },
    )
  }
  if (!found.isFile()) throw new InvalidInputError('it is a device or a pipe: save the data as a file first', { file })
  await access(file, constants.R_OK).catch(() => Promise.reject(unreadable(file)))
  if (found.size === 0)
    throw new InvalidInputError('the file is empty: expected a row of column names or data', { file })
}

const unreadable = (file: string) =>
  new InvalidInputError('it cannot be read: permission denied; change its permissions', { file })
