import { InvalidInputError } from 'graft-learn'

const advice: Readonly<Record<string, string>> = {
  EACCES: 'it cannot be written: permission denied; choose another place, or change the permissions of its folder',
  EPERM: 'it cannot be written: not permitted; choose another place, or change the permissions of its folder',
  EROFS: 'it cannot be written: the disk is read-only; choose another place',
  ENOTDIR: 'it cannot be made: a part of the path is a file, not a folder; choose another place',
  EEXIST: 'it cannot be made: a file of that name exists, a folder is needed; choose another place',
  ENOENT: 'it cannot be made: its folder does not exist; make the folder first, or choose another place',
  EISDIR: 'it cannot be written: it is a folder; give the name of a file',
  ENOTEMPTY: 'it cannot be written: it is a folder; give the name of a file',
  ENAMETOOLONG: 'it cannot be made: its name is too long; choose a shorter one',
}

/**
 * A failed write as an `InvalidInputError` that says what to do, where choosing another place helps; any other error
 * (a full disk, a fault of the machine) is handed back as it is.
 */
export function outputFault(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const message = advice[code]
  return message === undefined ? error : new InvalidInputError(message, { file })
}
