import { InvalidInputError } from '../errors.ts'

/** Throws `InvalidInputError` unless `value` is a number from 0 to below 1. */
export function checkPart(name: string, value: number): void {
  if (value >= 0 && value < 1) return
  throw new InvalidInputError(`${name} is ${value}: a number from 0 to below 1 is expected`)
}

/** Throws `InvalidInputError` unless `value` is a finite number of 0 or more. */
export function checkNotNegative(name: string, value: number): void {
  if (value >= 0 && value < Infinity) return
  throw new InvalidInputError(`${name} is ${value}: a number of 0 or more is expected`)
}

/** Throws `InvalidInputError` unless `value` is a finite number above 0. */
export function checkPositive(name: string, value: number): void {
  if (value > 0 && value < Infinity) return
  throw new InvalidInputError(`${name} is ${value}: a number above 0 is expected`)
}

/** Throws `InvalidInputError` unless `value` is a whole number of 1 or more. */
export function checkCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return
  throw new InvalidInputError(`${name} is ${value}: a whole number of 1 or more is expected`)
}
