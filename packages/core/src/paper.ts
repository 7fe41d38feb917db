/** Where a method was published. */
export interface Paper {
  readonly authors: string
  readonly year: number
  readonly title: string
}
