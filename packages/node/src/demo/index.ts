export * from './embedded-digits.ts'
